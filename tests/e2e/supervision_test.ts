/** kill -9 of each component, with whole data at the end, is in kill_and_resume_test.ts. */
import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { allGone, COMPONENT_NAMES, kill, PipelineProcess } from "./pipeline_process.ts";
import { assertWhole, moreLedgers, simulatedTip } from "./simulated_tip.ts";

Deno.test("components that hang for longer than UNHEALTHY_AFTER are killed and started again, and the data are whole", async () => {
  const folder = await Deno.makeTempDir();
  await using pipeline = new PipelineProcess({
    ...simulatedTip(folder),
    PIPELINE_UNHEALTHY_AFTER: "3s",
    PIPELINE_STOP_GRACE: "1s",
  });
  await moreLedgers(folder);
  const hung = await Promise.all(COMPONENT_NAMES.map((name) => pipeline.pidOf(name)));
  for (const pid of hung) kill(pid, "SIGSTOP");
  for (const name of COMPONENT_NAMES) await pipeline.readyAgain(name);
  await allGone(hung);
  for (const [at, name] of COMPONENT_NAMES.entries()) {
    const silent = `${name} gave no answer for 3 s \\(UNHEALTHY_AFTER\\); it is started again`;
    assertMatch(pipeline.output, new RegExp(silent));
    assertMatch(pipeline.output, new RegExp(`${name} did not stop within 1 s and was killed`));
    assertNotEquals(await pipeline.pidOf(name), hung[at]);
  }
  await moreLedgers(folder, 2);
  pipeline.signal("SIGTERM");
  const { code, output } = await pipeline.end();
  assertEquals(code, 0, output);
  await allGone(pipeline.pids());
  await assertWhole(folder);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("with MAX_RESTARTS=0 a component that is killed ends the run with 1, the reason and its last lines", async () => {
  const folder = await Deno.makeTempDir();
  await using pipeline = new PipelineProcess({
    ...simulatedTip(folder),
    PIPELINE_MAX_RESTARTS: "0",
  });
  await moreLedgers(folder);
  const pid = await pipeline.pidOf("processor");
  kill(pid, "SIGKILL");
  const { code, output } = await pipeline.end();
  assertEquals(code, 1, output);
  assertMatch(output, /ttp-arrow-processor was ended by SIGKILL.*MAX_RESTARTS.*; its last lines:/);
  const tail = output.slice(output.indexOf("its last lines:"));
  assertMatch(tail, /^pipeline +│ +network +Simulated/m);
  assertEquals(output.match(/starting processor/g)!.length, 1, output);
  await allGone(pipeline.pids());
  await assertWhole(folder);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a component that dies while others start ends the run with 1, and nothing is left", async () => {
  const folder = await Deno.makeTempDir();
  await using pipeline = new PipelineProcess(simulatedTip(folder));
  const source = await pipeline.pidOf("source");
  await pipeline.written(/starting processor/);
  kill(source, "SIGKILL");
  const { code, output } = await pipeline.end();
  assertEquals(code, 1, output);
  assertMatch(output, /stellar-arrow-source was ended by SIGKILL; its last lines:/);
  await allGone(pipeline.pids());
  await Deno.remove(folder, { recursive: true });
});
