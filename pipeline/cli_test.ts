import { assertEquals, assertStringIncludes } from "@std/assert";
import { runCli } from "./cli.ts";

function run(...args: string[]): Promise<{ code: number; text: string }> {
  let text = "";
  const sink = {
    isTerminal: false,
    write: (part: string) => void (text += part),
    width: () => 80,
  };
  return runCli(args, sink).then((code) => ({ code, text }));
}

Deno.test("--help explains every command and ends with 0", async () => {
  const { code, text } = await run("start", "--help");
  assertEquals(code, 0);
  assertStringIncludes(text, "start [profile]");
});

Deno.test("--help names the task it was started with, and the code that npx shows", async () => {
  const local = (await run("start", "local", "--help")).text;
  assertStringIncludes(local, "Usage: deno task pipeline:local");
  assertEquals(local.includes("deno task pipeline start"), false);
  const general = (await run("--help")).text;
  assertStringIncludes(general, "Usage: deno task pipeline <command>");
  for (const text of [local, general]) assertStringIncludes(text, "130");
});

Deno.test("an unknown command, flag or argument is named and ends with 2", async () => {
  assertEquals(await run("strat"), {
    code: 2,
    text: '"strat" is not a command: start; see --help\n',
  });
  assertEquals(await run("start", "--confg", "x"), {
    code: 2,
    text: 'start does not take "--confg"; see --help\n',
  });
  assertEquals((await run()).code, 2);
});

Deno.test("a profile that does not exist is the only problem told, with 2", async () => {
  const { code, text } = await run("start", "loval");
  assertEquals(code, 2);
  assertStringIncludes(text, "loval");
  assertEquals(text.trim().split("\n").length, 1, text);
});
