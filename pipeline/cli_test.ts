import { assertEquals, assertStringIncludes } from "@std/assert";
import { runCli } from "./cli.ts";
import { COMMANDS } from "./commands/mod.ts";
import { StateFolder } from "./state/mod.ts";

function run(...args: string[]): Promise<{ code: number; text: string }> {
  let text = "";
  const sink = {
    isTerminal: false,
    write: (part: string) => void (text += part),
    width: () => 80,
  };
  const env = { get: () => undefined, toObject: () => ({}) };
  const { signal } = new AbortController();
  return runCli(args, { sink, env, signal }).then((code) => ({ code, text }));
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

Deno.test("every command has a help with a summary, its options, examples and exit codes", async () => {
  for (const { name, summary, options, examples } of COMMANDS) {
    const { code, text } = await run(name, "--help");
    assertEquals(code, 0);
    assertStringIncludes(text, summary);
    for (const { flag } of options) assertStringIncludes(text, `--${flag}`);
    for (const example of examples) assertStringIncludes(text, example);
    assertStringIncludes(text, "3 no pipeline is running");
    assertStringIncludes((await run("--help")).text, summary);
  }
});

Deno.test("an unknown command, flag or argument is named with the nearest right one, and ends with 2", async () => {
  const cases: [string[], string][] = [
    [["strat"], '"strat" is not a command; did you mean start?'],
    [["fly"], '"fly" is not a command; there are start, stop'],
    [["start", "--confg", "x"], 'start has no option "--confg"; did you mean --config?'],
    [["start", "flowclt"], "profile: flowclt: no such profile; did you mean flowctl?"],
    [["start", "a", "b"], 'start does not take "b"; see --help'],
    [["start", "--detach=yes"], "--detach takes no value"],
    [["start", "--config"], "--config needs a value, for example --config FILE"],
    [["start", "--set", "X"], '--set "X" must be NAME=VALUE'],
    [["start", "--set", "BATCHSIZE=1"], "--set BATCHSIZE: no component of a pipeline has this"],
    [["start", "--set", "PORT=1"], "STELLAR_ARROW_SOURCE_PORT or "],
    [["start", "--component", "x"], '"x" is not a component: source, processor, sink'],
    [["start", "--max-restarts", "-1"], "MAX_RESTARTS"],
    [["logs", "--since", "soon"], '--since "soon" must be a time ago'],
    [["restart", "x"], '"x" is not a component'],
    [["logs", "x"], '"x" is not a component: source, processor, sink, pipeline'],
    [["start", "--output-path", "x"], "is set by --set OUTPUT_PATH=VALUE"],
    [["stop", "--output-path", "x"], 'stop has no option "--output-path"; see --help'],
  ];
  for (const [args, expected] of cases) {
    const { code, text } = await run(...args, "--state-dir", await Deno.makeTempDir());
    assertStringIncludes(text, expected);
    assertEquals(code, 2, text);
  }
  assertEquals((await run()).code, 2);
});

Deno.test("a state folder of another user is one sentence with 1, and no stack trace", async () => {
  const message = "Permission denied (os error 13): open '.pipeline/lock'";
  let text = "";
  const { signal } = new AbortController();
  const code = await runCli(["status"], {
    sink: { isTerminal: false, write: (part) => void (text += part), width: () => 80 },
    env: {
      // Whoever runs the tests may be allowed everything.
      get: () => {
        throw new Deno.errors.PermissionDenied(message);
      },
      toObject: () => ({}),
    },
    signal,
  });
  assertEquals([code, text], [1, `${message}\n`]);
});

Deno.test("without a running pipeline its commands say so with 3", async () => {
  const folder = await Deno.makeTempDir();
  for (const command of ["status", "health", "stop", "restart", "logs"]) {
    const { code, text } = await run(command, "--state-dir", folder);
    assertEquals(code, 3, text);
    assertStringIncludes(text, folder);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("while a manager has its folder and no record yet, commands say that it is being started", async () => {
  const state = new StateFolder(await Deno.makeTempDir());
  const lock = await state.claim();
  for (const command of ["status", "health", "stop", "restart"]) {
    const { code, text } = await run(command, "--state-dir", state.path);
    assertEquals(code, 3, text);
    assertStringIncludes(text, "a pipeline is just being started");
  }
  await lock!.release();
  await Deno.remove(state.path, { recursive: true });
});

Deno.test("a state folder that cannot be is no running pipeline, and start names it with 1", async () => {
  const file = await Deno.makeTempFile();
  const state = `${file}/state`;
  for (const command of ["status", "health", "stop", "restart", "logs"]) {
    assertEquals((await run(command, "--state-dir", state)).code, 3);
  }
  const { code, text } = await run("start", "--state-dir", state);
  assertEquals(code, 1, text);
  assertStringIncludes(text, `STATE_DIR: "${state}" cannot be written: ${file} is a file`);
  const doctor = await run("doctor", "--state-dir", state);
  assertEquals(doctor.code, 1, doctor.text);
  assertStringIncludes(doctor.text, `problem  state folder: STATE_DIR: "${state}"`);
  await Deno.remove(file);
});

Deno.test("what was watched on a terminal ends with a line for the prompt, elsewhere without", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/logs`);
  await Deno.writeTextFile(`${folder}/logs/sink.log`, "2026-01-01T00:00:00.000Z said\n");
  for (const isTerminal of [true, false]) {
    let text = "";
    const sink = { isTerminal, write: (part: string) => void (text += part), width: () => 80 };
    const env = { get: () => undefined, toObject: () => ({}) };
    const args = ["logs", "sink", "--follow", "--state-dir", folder];
    assertEquals(await runCli(args, { sink, env, signal: AbortSignal.abort() }), 0);
    assertEquals(text.endsWith("said\n\n"), isTerminal, text);
    assertEquals(text.endsWith("said\n"), !isTerminal, text);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("config tells each variable as it is written, with its origin, also where one is missing", async () => {
  const mine = await Deno.makeTempFile({ suffix: ".yaml" });
  await Deno.writeTextFile(mine, "variables: { FLUSH_INTERVAL: 10m, BATCH_SIZE: 7 }");
  const { code, text } = await run("config", "--json", "--profile", mine, "--set", "BATCH_SIZE=9");
  assertEquals(code, 0);
  const entries = JSON.parse(text) as Record<string, unknown>[];
  const of = (component: string, name: string) =>
    entries.find((entry) => entry.component === component && entry.name === name);
  assertEquals(of("arrow-analytics-sink", "FLUSH_INTERVAL"), {
    component: "arrow-analytics-sink",
    name: "FLUSH_INTERVAL",
    value: "10m",
    origin: `profile ${mine}`,
  });
  assertEquals(of("ttp-arrow-processor", "BATCH_SIZE")?.origin, "--set BATCH_SIZE");
  assertEquals(of("stellar-arrow-source", "SOURCE_TYPE"), {
    component: "stellar-arrow-source",
    name: "SOURCE_TYPE",
    value: null,
    origin: "not set, but required",
  });
  assertEquals(of("pipeline", "MAX_RESTARTS")?.value, "10");
  const sink = (await run("config", "sink")).text;
  assertStringIncludes(sink, "OUTPUT_PATH");
  assertEquals(sink.includes("STORAGE_PATH"), false);
  await Deno.remove(mine);
});

Deno.test("check tells every problem with 2, and starts nothing", async () => {
  assertEquals(await run("check", "local"), { code: 0, text: "profile local can be used\n" });
  const { code, text } = await run("check", "--set", "BATCH_SIZE=0", "--set", "END_LEDGER=x");
  assertEquals(code, 2);
  assertStringIncludes(text, 'BATCH_SIZE: "0" (--set BATCH_SIZE) must be');
  assertStringIncludes(text, "END_LEDGER");
});

Deno.test("permissions are those of the configuration", async () => {
  const { code, text } = await run(
    "permissions",
    "local",
    "--set",
    "OUTPUT_PATH=/data/x",
    "--json",
  );
  assertEquals(code, 0);
  const sink = JSON.parse(text).find((each: { component: string }) =>
    each.component === "arrow-analytics-sink"
  );
  assertEquals(sink.flags.includes("--allow-write=/data/x"), true, text);
  assertEquals(/"-A"|allow-(run|ffi|sys|all)/.test(text), false);
});

Deno.test("a profile that does not exist is the only problem told, with 2", async () => {
  const { code, text } = await run("start", "loval");
  assertEquals(code, 2);
  assertStringIncludes(text, "loval");
  assertEquals(text.trim().split("\n").length, 1, text);
});
