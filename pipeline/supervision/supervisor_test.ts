import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FakeClock } from "../../flowctl/mod.ts";
import { advanceUntil, FakeComponent, fakeSpawn } from "./_fake_component.ts";
import { RestartError, type RunEnd, Supervisor } from "./supervisor.ts";
import type { SupervisionLimits } from "./supervision_limits.ts";

const LIMITS: SupervisionLimits = {
  maxRestarts: 3,
  windowMs: 600_000,
  readyMs: 60_000,
  graceMs: 5_000,
  unhealthyAfterMs: 30_000,
};

/** Source, processor and sink under supervision, with a clock that the test moves. */
class Supervised {
  /** Missed where it is not there, but no more. */
  readonly helper = new FakeComponent("helper", false);
  readonly source = new FakeComponent("source");
  readonly processor = new FakeComponent("processor");
  readonly sink = new FakeComponent("sink");
  readonly clock = new FakeClock();
  readonly lines: string[] = [];
  readonly problems: string[] = [];
  readonly notes: string[] = [];
  readonly stop = new AbortController();
  readonly urgent = new AbortController();
  readonly supervisor: Supervisor;
  isReady = false;
  end: RunEnd | undefined;

  constructor(limits: Partial<SupervisionLimits> = {}, withHelper = false) {
    const data = [this.source, this.processor, this.sink];
    const components = withHelper ? [this.helper, ...data] : data;
    this.supervisor = new Supervisor({
      stages: components.map(({ stage }) => stage),
      canFinish: true,
      spawn: fakeSpawn(components),
      clock: this.clock,
      limits: { ...LIMITS, ...limits },
      events: {
        started: () => {},
        ended: () => {},
        line: (component, text) => this.lines.push(`${component}: ${text}`),
        problem: (text) => this.problems.push(text),
        note: (text) => this.notes.push(text),
      },
    });
  }

  run(): void {
    this.supervisor.run(this.stop.signal, this.urgent.signal, () => this.isReady = true)
      .then((end) => this.end = end);
  }

  async up(): Promise<void> {
    this.run();
    await this.until(() => this.isReady);
  }

  async until(holds: () => boolean): Promise<void> {
    await advanceUntil(this.clock, holds);
  }

  async ended(): Promise<RunEnd> {
    await this.until(() => this.end !== undefined);
    return this.end!;
  }

  states(): string[] {
    return this.supervisor.snapshots.map(({ state }) => state);
  }
}

Deno.test("components start in order, each told the ports of the one before, and stop in reverse", async () => {
  const run = new Supervised();
  run.processor.comesUp = false;
  run.run();
  await run.until(() => run.processor.processes.length === 1);
  assertEquals([run.sink.processes.length, run.isReady], [0, false]);
  assertEquals(run.processor.process.launch.env.BEFORE, "101");
  run.processor.process.becomeReady();
  await run.until(() => run.isReady);
  assertEquals(run.states(), ["healthy", "healthy", "healthy"]);
  run.stop.abort();
  assertEquals(await run.ended(), { kind: "stopped", exitCode: 0 });
  assertEquals(run.lines, ["sink: stopping", "processor: stopping", "source: stopping"]);
  assertEquals(run.states(), ["stopped", "stopped", "stopped"]);
  assertEquals(run.clock.pending, 0);
});

Deno.test("a component is ready only when /health and its gRPC server say so", async () => {
  const run = new Supervised();
  run.source.code = 503;
  run.source.serves = false;
  run.run();
  await run.clock.advance(5_000);
  assertEquals(run.processor.processes.length, 0);
  run.source.code = 200;
  await run.clock.advance(5_000);
  assertEquals(run.processor.processes.length, 0);
  run.source.serves = true;
  await run.until(() => run.isReady);
  run.stop.abort();
  await run.ended();
});

Deno.test("the last component ending with 0 by itself finishes the run, also before it was ready", async () => {
  for (const comesUp of [true, false]) {
    const run = new Supervised();
    run.sink.comesUp = comesUp;
    run.run();
    await run.until(() => run.sink.processes.length === 1 && (run.isReady || !comesUp));
    run.sink.process.end(0, null, "finished");
    assertEquals(await run.ended(), { kind: "finished", exitCode: 0 });
    assertEquals(run.problems, []);
  }
});

Deno.test("a failure before all are ready fails the run with the last lines, and stops the others", async () => {
  const run = new Supervised();
  run.processor.comesUp = false;
  run.run();
  await run.until(() => run.processor.processes.length === 1);
  run.processor.process.end(1);
  assertEquals(await run.ended(), { kind: "failed", exitCode: 1 });
  assertEquals(run.problems, [
    "processor failed with exit code 1; its last lines:\n  its last line",
  ]);
  assertEquals([run.source.process.isAlive, run.processor.processes.length], [false, 1]);
});

Deno.test("an earlier component that fails while a later one starts fails the run", async () => {
  const run = new Supervised();
  run.sink.comesUp = false;
  run.run();
  await run.until(() => run.sink.processes.length === 1);
  run.source.process.end(1);
  assertEquals(await run.ended(), { kind: "failed", exitCode: 1 });
  assertStringIncludes(run.problems[0]!, "source failed with exit code 1");
});

Deno.test("a component that is not ready in time fails the run", async () => {
  const run = new Supervised();
  run.source.comesUp = false;
  run.run();
  assertEquals(await run.ended(), { kind: "failed", exitCode: 1 });
  assertStringIncludes(run.problems[0]!, "source was not ready within 60 s");
  assertEquals(run.source.process.isAlive, false);
});

Deno.test("a stop while a component is starting stops what is there", async () => {
  const run = new Supervised();
  run.processor.comesUp = false;
  run.run();
  await run.until(() => run.processor.processes.length === 1);
  run.stop.abort();
  assertEquals(await run.ended(), { kind: "stopped", exitCode: 0 });
  assertEquals([run.source.process.isAlive, run.processor.process.isAlive], [false, false]);
});

Deno.test("a component that dies is started again on its own ports, while the others go on", async () => {
  const run = new Supervised();
  await run.up();
  const { ports } = run.supervisor.snapshots[1]!;
  run.processor.process.end(137, "SIGKILL");
  await run.until(() => run.problems.length === 1);
  assertEquals(run.problems, [
    "processor was ended by SIGKILL; it is started again in 1 s",
  ]);
  assertEquals(run.states(), ["healthy", "restarting", "healthy"]);
  await run.until(() => run.processor.processes.length === 2);
  assertEquals(run.processor.process.launch.env.EARLIER, String(ports.flight));
  await run.until(() => run.notes.length === 1);
  assertEquals(run.notes, ["processor is ready again"]);
  const { restarts, lastEnd } = run.supervisor.snapshots[1]!;
  assertEquals([restarts, lastEnd], [1, "was ended by SIGKILL"]);
  assertEquals([run.source.processes.length, run.sink.processes.length], [1, 1]);
  run.stop.abort();
  await run.ended();
});

Deno.test("somebody's SIGTERM to a component is no end of the work: it is started again", async () => {
  const run = new Supervised();
  await run.up();
  run.sink.process.end(0, null, "SIGTERM");
  await run.until(() => run.sink.processes.length === 2);
  assertStringIncludes(run.problems[0]!, "sink ended before its work was done");
  run.stop.abort();
  await run.ended();
});

Deno.test("where nothing is to be started again, the first failure stops the pipeline and says so", async () => {
  const run = new Supervised({ maxRestarts: 0 });
  await run.up();
  run.source.process.end(137, "SIGKILL");
  assertEquals(await run.ended(), { kind: "failed", exitCode: 1 });
  assertStringIncludes(
    run.problems.at(-1)!,
    "source was ended by SIGKILL, and nothing is started again (MAX_RESTARTS=0); its last lines:",
  );
  assertEquals(run.source.processes.length, 1);
});

Deno.test("a component that keeps failing stops the pipeline with the reason", async () => {
  const run = new Supervised();
  await run.up();
  run.source.comesUp = false;
  for (let failures = 1; failures <= 4; failures++) {
    await run.until(() => run.source.processes.length === failures);
    run.source.process.end(1);
  }
  assertEquals(await run.ended(), { kind: "failed", exitCode: 1 });
  assertStringIncludes(
    run.problems.at(-1)!,
    "source failed with exit code 1, and 3 restarts within 10 min did not help (MAX_RESTARTS)",
  );
  assertEquals([run.processor.process.isAlive, run.sink.process.isAlive], [false, false]);
});

Deno.test("what a restart would not cure is not restarted", async () => {
  for (const [code, exitCode] of [[2, 2], [4, 1]] as const) {
    const run = new Supervised();
    await run.up();
    run.sink.process.end(code, null, "failed");
    assertEquals(await run.ended(), { kind: "failed", exitCode });
    assertEquals(run.sink.processes.length, 1);
  }
});

Deno.test("a component that gives no good answer for long is stopped and started again", async () => {
  for (const [code, why] of [[undefined, "gave no answer"], [503, "said that it was unhealthy"]]) {
    const run = new Supervised();
    await run.up();
    run.processor.code = code as number | undefined;
    run.processor.process.stopsWhenAsked = code !== undefined;
    await run.clock.advance(29_000);
    assertEquals([run.processor.processes.length, run.states()[1]], [1, "unhealthy"]);
    await run.until(() => run.processor.processes.length === 2);
    assertStringIncludes(run.problems.join("\n"), `processor ${why} for 30 s (UNHEALTHY_AFTER)`);
    assertEquals(
      run.problems.some((text) => text.includes("was killed")),
      code === undefined,
    );
    run.processor.code = 200;
    await run.until(() => run.states()[1] === "healthy");
    run.stop.abort();
    await run.ended();
  }
});

Deno.test("the time without a good answer is no health: the wait before a restart doubles on", async () => {
  const run = new Supervised({ unhealthyAfterMs: 45_000 });
  await run.up();
  for (const [at, seconds] of [1, 2].entries()) {
    // Well for 25 s, then silent for 45 s: no 60 s of health.
    await run.clock.advance(25_000);
    run.processor.code = undefined;
    await run.until(() => run.problems.length === at + 1);
    assertStringIncludes(run.problems[at]!, `it is started again in ${seconds} s`);
    run.processor.code = 200;
    await run.until(() => run.notes.length === at + 1);
  }
  run.stop.abort();
  await run.ended();
});

Deno.test("a component that answers again in time is left alone", async () => {
  const run = new Supervised();
  await run.up();
  for (let rounds = 0; rounds < 5; rounds++) {
    run.processor.code = undefined;
    await run.clock.advance(25_000);
    run.processor.code = 200;
    await run.clock.advance(2_000);
  }
  assertEquals([run.processor.processes.length, run.problems], [1, []]);
  run.stop.abort();
  await run.ended();
});

Deno.test("a stop during the wait before a restart starts nothing more", async () => {
  const run = new Supervised();
  await run.up();
  run.source.process.end(1);
  await run.until(() => run.states()[0] === "restarting");
  run.stop.abort();
  assertEquals(await run.ended(), { kind: "stopped", exitCode: 0 });
  assertEquals(run.source.processes.length, 1);
  assertEquals(run.clock.pending, 0);
});

Deno.test("one component is restarted by request, without waiting and without counting as a failure", async () => {
  const run = new Supervised({ maxRestarts: 0 });
  await run.up();
  await run.supervisor.restart("processor");
  assertEquals([run.processor.processes.length, run.sink.processes.length], [2, 1]);
  assertEquals([run.states(), run.problems], [["healthy", "healthy", "healthy"], []]);
  run.stop.abort();
  assertEquals((await run.ended()).kind, "stopped");
});

Deno.test("all are restarted by request, stopped in reverse order and started in order", async () => {
  const run = new Supervised();
  await run.up();
  await run.supervisor.restart();
  assertEquals(run.lines, ["sink: stopping", "processor: stopping", "source: stopping"]);
  const pids = [run.source, run.processor, run.sink].map(({ process }) => process.pid);
  assertEquals(pids, pids.toSorted((a, b) => a - b));
  assertEquals(run.states(), ["healthy", "healthy", "healthy"]);
  run.stop.abort();
  await run.ended();
});

Deno.test("a request ends the wait before a restart", async () => {
  const run = new Supervised();
  await run.up();
  run.source.process.end(1);
  await run.until(() => run.states()[0] === "restarting");
  const before = run.clock.monotonic();
  await run.supervisor.restart("source");
  assertEquals(run.clock.monotonic(), before);
  assertEquals([run.source.processes.length, run.states()[0]], [2, "healthy"]);
  run.stop.abort();
  await run.ended();
});

Deno.test("a component that a request ends while it comes up again is not called ready", async () => {
  const run = new Supervised();
  await run.up();
  run.processor.comesUp = false;
  run.processor.process.end(1);
  await run.until(() => run.processor.processes.length === 2);
  const restarted = run.supervisor.restart("processor");
  await run.until(() => run.processor.processes.length === 3);
  assertEquals(run.notes, []);
  run.processor.process.becomeReady();
  await run.until(() => run.states()[1] === "healthy");
  await restarted;
  run.stop.abort();
  await run.ended();
});

Deno.test("a restart is refused while another is on its way, and outside of a run", async () => {
  const run = new Supervised();
  await assertRejects(() => run.supervisor.restart(), RestartError, "starting or stopping");
  await run.up();
  run.source.comesUp = false;
  const first = run.supervisor.restart("source");
  await run.until(() => run.source.processes.length === 2);
  await assertRejects(() => run.supervisor.restart("sink"), RestartError, "on its way already");
  run.source.process.becomeReady();
  await first;
  run.stop.abort();
  await run.ended();
  await assertRejects(() => run.supervisor.restart(), RestartError, "starting or stopping");
});

Deno.test("a restart that does not succeed is told, and supervision goes on with it", async () => {
  const run = new Supervised();
  await run.up();
  run.source.comesUp = false;
  const restart = run.supervisor.restart("source");
  await run.until(() => run.source.processes.length === 2);
  run.source.process.end(1);
  await assertRejects(() => restart, RestartError, "source failed with exit code 1");
  run.source.comesUp = true;
  await run.until(() => run.states()[0] === "healthy");
  assertEquals(run.source.processes.length, 3);
  run.stop.abort();
  await run.ended();
});

Deno.test("a stop during a restart by request ends both", async () => {
  const run = new Supervised();
  await run.up();
  run.source.comesUp = false;
  const restart = run.supervisor.restart("source");
  await run.until(() => run.source.processes.length === 2);
  run.stop.abort();
  await assertRejects(() => restart, RestartError, "was stopped");
  assertEquals((await run.ended()).kind, "stopped");
});

Deno.test("a component that does not stop is killed after the grace period, and it is said so", async () => {
  const run = new Supervised();
  await run.up();
  run.processor.process.stopsWhenAsked = false;
  run.stop.abort();
  await run.ended();
  assertEquals(run.problems, [
    "processor did not stop within 5 s and was killed; what it had committed is whole",
  ]);
});

Deno.test("asking a second time kills what is still there", async () => {
  const run = new Supervised();
  await run.up();
  run.urgent.abort();
  assertEquals([run.source.process.isAlive, run.sink.process.isAlive], [false, false]);
  run.stop.abort();
  await run.ended();
});

Deno.test("what is not essential holds up no other, and may fail at the start: it is tried again", async () => {
  const run = new Supervised({}, true);
  run.helper.comesUp = false;
  run.run();
  await run.until(() => run.sink.processes.length === 1);
  assertEquals([run.states()[0], run.isReady], ["starting", false]);
  run.helper.process.end(1);
  await run.until(() => run.isReady);
  assertEquals(
    run.problems[0],
    "helper failed with exit code 1; the pipeline goes on without it; its last lines:\n  its last line",
  );
  run.helper.comesUp = true;
  await run.until(() => run.states()[0] === "healthy");
  run.stop.abort();
  assertEquals(await run.ended(), { kind: "stopped", exitCode: 0 });
});

Deno.test("what is not essential may be lost for good, and the run ends in order all the same", async () => {
  for (const code of [2, 4]) {
    const run = new Supervised({}, true);
    await run.up();
    run.helper.process.end(code);
    await run.until(() => run.problems.length === 1);
    assertEquals(run.problems, [
      `helper failed with exit code ${code}; the pipeline goes on without it; its last lines:\n` +
      "  its last line",
    ]);
    await run.clock.advance(60_000);
    assertEquals(run.states(), ["failed", "healthy", "healthy", "healthy"]);
    run.sink.process.end(0, null, "finished");
    assertEquals(await run.ended(), { kind: "finished", exitCode: 0 });
  }
});

Deno.test("what is not essential and does not become ready in time is ended, not left half alive", async () => {
  const run = new Supervised({ maxRestarts: 0 }, true);
  run.helper.comesUp = false;
  await run.up();
  assertEquals(run.helper.process.isAlive, false);
  assertStringIncludes(run.problems[0]!, "helper was not ready within 60 s");
  run.stop.abort();
  assertEquals((await run.ended()).kind, "stopped");
});

Deno.test("a restart of what is not part of the run is refused", async () => {
  const run = new Supervised();
  await run.up();
  await assertRejects(() => run.supervisor.restart("helper"), RestartError, "not part of this run");
  run.stop.abort();
  await run.ended();
});

Deno.test("a component that fails while what is not essential still starts ends the start", async () => {
  const run = new Supervised({}, true);
  run.helper.comesUp = false;
  run.run();
  await run.until(() => run.states()[3] === "healthy");
  run.sink.process.end(1);
  assertEquals(await run.ended(), { kind: "failed", exitCode: 1 });
  assertStringIncludes(run.problems.at(-1)!, "sink failed with exit code 1");
  assertEquals([run.problems.length, run.helper.process.isAlive], [1, false]);
});

Deno.test("what is not essential and was lost for good comes back by request", async () => {
  const run = new Supervised({}, true);
  await run.up();
  run.helper.process.end(4);
  await run.until(() => run.problems.length === 1);
  await run.supervisor.restart("helper");
  assertEquals([run.helper.processes.length, run.states()[0]], [2, "healthy"]);
  run.helper.process.end(1);
  await run.until(() => run.helper.processes.length === 3);
  run.stop.abort();
  assertEquals(await run.ended(), { kind: "stopped", exitCode: 0 });
});
