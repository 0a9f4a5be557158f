import { assertEquals } from "@std/assert";
import { fromFileUrl, relative } from "@std/path";
import { parseConfigFile } from "../../flowctl/mod.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const EXAMPLES = "profiles/examples";

/** The examples, with the profile that each is made for. */
const FILES: readonly (readonly [string, string])[] = [
  ["dev.env", "local"],
  ["prod.env", "production"],
  ["multi-instance/source.env", "local"],
  ["multi-instance/processor-primary.env", "local"],
  ["multi-instance/processor-backup.env", "local"],
  ["multi-instance/sink.env", "local"],
];

async function output(program: string, args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH")!, HOME: Deno.env.get("HOME") ?? "/", NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), error: text(stderr) };
}

/** What a shell has in its environment, one variable for each NUL. */
async function environment(script: string): Promise<Map<string, string>> {
  const { code, out, error } = await output("sh", ["-c", `${script} env -0`]);
  assertEquals(code, 0, error);
  return new Map(
    out.split("\0").filter((entry) => entry !== "").map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

Deno.test("every example file is known to this test", async () => {
  const found = await output("find", [EXAMPLES, "-name", "*.env"]);
  const names = found.out.trim().split("\n").map((path) => relative(EXAMPLES, path));
  assertEquals(names.sort(), FILES.map(([name]) => name).sort());
});

for (const [name, profile] of FILES) {
  const path = `${EXAMPLES}/${name}`;

  Deno.test(`${name} sets the same in a shell that sources it as with --config`, async () => {
    const before = await environment("");
    const after = await environment(`. ./${path};`);
    const set = [...after].filter(([key, value]) => before.get(key) !== value && key !== "_");
    const parsed = parseConfigFile(await Deno.readTextFile(`${ROOT}${path}`), path);
    const read = [...parsed].map(([key, { text }]) => [key, text] as const);
    assertEquals(new Map(set.sort()), new Map(read.sort()));
    assertEquals(parsed.size > 0, true);
  });

  Deno.test(`${name} can be used with the profile ${profile}, without a warning`, async () => {
    const args = ["run", "-q", "-P=manager", "pipeline/main.ts", "check", profile];
    const { code, out } = await output(Deno.execPath(), [...args, "--config", path]);
    assertEquals([code, out], [0, `profile ${profile} can be used\n`]);
  });
}
