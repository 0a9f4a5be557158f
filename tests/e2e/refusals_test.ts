/** What keeps a pipeline from being started. Taken ports and output folders: bad_input_test.ts. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { allGone } from "./patience.ts";
import { PipelineCommands } from "./pipeline_commands.ts";
import { managerCommand, PipelineProcess, ROOT } from "./pipeline_process.ts";
import { assertWhole, moreLedgers, simulatedTip } from "./simulated_tip.ts";

Deno.test("a state folder that cannot be made is named with its variable, with 1, and nothing is started", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(join(folder, "a-file"), "");
  const state = join(folder, "a-file", "state");
  for (const options of [[], ["--detach"]]) {
    const command = managerCommand("start", ...options);
    await using pipeline = new PipelineProcess({ PIPELINE_STATE_DIR: state }, command);
    const { code, output } = await pipeline.end();
    assertEquals(code, 1, output);
    assertMatch(output, /STATE_DIR/);
    assertStringIncludes(output, `${join(folder, "a-file")} is a file`);
    assertEquals(output.trim().split("\n").length, 1, output);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a detached manager that cannot write its log does not end without a word", async () => {
  const state = await Deno.makeTempDir({ prefix: "state-" });
  await Deno.mkdir(join(state, "logs"));
  await Deno.symlink("missing/folder", join(state, "logs/pipeline.log"));
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const env = { PIPELINE_STATE_DIR: state, STELLAR_ARROW_SOURCE_PORT: String(port) };
  await using pipeline = new PipelineProcess(env, managerCommand("start", "--detach"));
  const { code, output } = await pipeline.end();
  assertEquals(code, 1, output);
  assertStringIncludes(output, "exit code 1 before it could log why");
  assertStringIncludes(output, `STELLAR_ARROW_SOURCE_PORT: port ${port}`);
  await Deno.remove(state, { recursive: true });
});

Deno.test("a missing program of a component is named, with 1, and nothing is started", async () => {
  // The repository again, as links, but for one program.
  const copy = await Deno.realPath(await Deno.makeTempDir());
  const missing = "components/ttp-arrow-processor";
  await linkAll(ROOT, copy, ["components", ".git"]);
  await linkAll(join(ROOT, "components"), join(copy, "components"), ["ttp-arrow-processor"]);
  await linkAll(join(ROOT, missing), join(copy, missing), ["main.ts"]);
  const [program, ...args] = managerCommand("start", "local");
  const main = args.indexOf("pipeline/main.ts");
  await Deno.remove(join(copy, "pipeline"));
  await copyFolder(join(ROOT, "pipeline"), join(copy, "pipeline"));
  const command = [program!, ...args.with(main, join(copy, "pipeline/main.ts"))];
  await using pipeline = new PipelineProcess({}, command);
  const { code, output } = await pipeline.end();
  assertEquals(code, 1, output);
  assertMatch(output, /ttp-arrow-processor: its program \S+main\.ts is missing/);
  assertEquals(pipeline.pids(), [pipeline.pid]);
  await Deno.remove(copy, { recursive: true });
});

async function linkAll(from: string, to: string, except: readonly string[]): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) {
    if (!except.includes(name)) await Deno.symlink(join(from, name), join(to, name));
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (isDirectory) await copyFolder(source, target);
    else await Deno.copyFile(source, target);
  }
}

Deno.test("one state folder holds one pipeline; of several starts at once one wins; with folders of their own several run", async () => {
  const [folder, other] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  await using first = new PipelineProcess(simulatedTip(folder));
  await first.written(/all components are ready/);

  const own = { ...simulatedTip(other), PIPELINE_STATE_DIR: first.state };
  for (const options of [[], ["--detach"]]) {
    const command = managerCommand("start", "development", ...options);
    await using refused = new PipelineProcess(own, command);
    const { code, output } = await refused.end();
    assertEquals(code, 1, output);
    const who = `a pipeline is running \\(profile local, process ${first.pid}, since \\S+\\)`;
    assertMatch(output, new RegExp(`${who} with the state folder ${first.state}`));
    assertMatch(output, /--state-dir/);
    assertEquals(refused.pids(), [refused.pid]);
  }

  await using second = new PipelineCommands(simulatedTip(other));
  const start = () => second.run("start", "local", "--detach");
  const starts = await Promise.all([start(), start(), start()]);
  assertEquals(starts.map(({ code }) => code).sort(), [0, 1, 1]);
  for (const { output } of starts.filter(({ code }) => code === 1)) {
    assertMatch(output, /a pipeline is (running|being started).* with the state folder/);
  }
  const pids = await second.pids();
  assertEquals(pids.includes(first.pid), false);
  await Promise.all([moreLedgers(folder), moreLedgers(other)]);
  // Each command finds the pipeline of its folder.
  const elsewhere = await second.run("status", "--json", "--state-dir", first.state);
  assertEquals(JSON.parse(elsewhere.output).pid, first.pid);
  assertEquals((await second.run("stop", "--state-dir", first.state)).code, 0);
  const { code, output } = await first.end();
  assertEquals(code, 0, output);
  assertEquals((await second.status()).state, "running");
  assertEquals((await second.run("stop")).code, 0);
  await allGone(pids);
  for (const each of [folder, other]) {
    await assertWhole(each);
    await Deno.remove(each, { recursive: true });
  }
});
