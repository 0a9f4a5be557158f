import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { DirectComponent, taskArguments } from "./direct_component.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Runs a component's task to its end. */
async function run(task: "source" | "processor" | "sink", ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...taskArguments(task), ...args],
    cwd: ROOT,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), error: text(stderr) };
}

Deno.test("a task's --help and --version are those of its component", async () => {
  const help = await run("sink", "--help");
  assertEquals([help.code, help.error], [0, ""]);
  assertStringIncludes(help.out, "--output-path  OUTPUT_PATH");
  const version = await run("source", "--version");
  assertMatch(version.out, /^stellar-arrow-source \d+\.\d+\.\d+\n$/);
});

Deno.test("a task tells every problem of its component and ends with 2", async () => {
  const { code, error } = await run("source", "--batch-size", "0", "--port", "x");
  assertEquals(code, 2);
  assertStringIncludes(error, "BATCH_SIZE");
  assertStringIncludes(error, "PORT");
});

Deno.test("a task hands its component's exit code on, and its words", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(join(folder, "file"), "");
  const args = ["--port", "0", "--health-port", "0", "--output-path", join(folder, "file/out")];
  const { code, error } = await run("sink", ...args);
  assertEquals(code, 1, error);
  assertStringIncludes(error, join(folder, "file/out"));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a task may use what its flags, a --config file and a --profile file name", async () => {
  const folder = await Deno.makeTempDir();
  const [config, base, profile] = ["my.env", "base.yaml", "profile.yaml"].map((name) =>
    join(folder, name)
  );
  await Deno.writeTextFile(config!, `STORAGE_PATH=${join(folder, "ledgers")}\n`);
  await Deno.writeTextFile(base!, "extends: local\nvariables: { SIMULATED_SEED: 4711 }\n");
  await Deno.writeTextFile(profile!, "extends: ./base.yaml\n");
  const args = ["--config", config!, "--profile", profile!, "--bind-address", "localhost"];
  await using source = new DirectComponent([...taskArguments("source"), ...args], {});
  const { ports } = await source.ready();
  assertEquals(typeof ports.flight, "number");
  const names = [...Deno.readDirSync(join(folder, "ledgers"))].map(({ name }) => name);
  assertEquals(names, ["simulated-4711"]);
  assertEquals(await source.terminate(), 0);
  await Deno.remove(folder, { recursive: true });
});
