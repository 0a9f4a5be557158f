import { assertEquals, assertStringIncludes } from "@std/assert";
import { runCli } from "./cli.ts";

/** What a command line answers, without an environment. */
async function answer(...args: string[]): Promise<{ code: number; lines: string[] }> {
  let text = "";
  const code = await runCli(args, {
    sink: { write: (part) => text += part, isTerminal: false, width: () => 80 },
    env: { get: () => undefined, toObject: () => ({}) },
    signal: new AbortController().signal,
  });
  return { code, lines: text.trimEnd().split("\n") };
}

async function guide(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(`../docs/${name}.md`, import.meta.url));
}

Deno.test("the configuration guide shows what the manager says of a wrong --set", async () => {
  const text = await guide("configuration");
  for (const setting of ["OUTPUT_PTH=./out", "BATCH_SIZE 50"]) {
    const { code, lines } = await answer("check", "--set", setting);
    assertEquals(code, 2);
    assertStringIncludes(text, `\`\`\`text\n${lines[0]}\n\`\`\``);
  }
});

Deno.test("the manager's guide shows what check says of production without a source", async () => {
  const { code, lines } = await answer("check", "production");
  assertEquals(code, 2);
  assertStringIncludes(await guide("pipeline"), `\`\`\`text\n${lines.join("\n")}\n\`\`\``);
});

Deno.test("the manager's guide shows what doctor says and advises of it", async () => {
  const { lines } = await answer("doctor", "production", "--set", "ENABLE_FLOWCTL=false");
  const at = lines.findIndex((line) => line.startsWith("problem  configuration"));
  assertStringIncludes(await guide("pipeline"), lines.slice(at, at + 2).join("\n"));
});
