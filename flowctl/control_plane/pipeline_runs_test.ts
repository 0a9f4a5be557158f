import { assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { GrpcError } from "../../grpc/mod.ts";
import { MAX_PIPELINE_RUN_BYTES, MAX_PIPELINE_RUNS, RUN_SILENT_MS } from "./limits.ts";
import type { PipelineRun } from "./pipeline_run.ts";
import { PipelineRuns } from "./pipeline_runs.ts";
import { noStorage } from "./storage.ts";

const newRun = (runId: string, pipelineName = "payments") => ({
  runId,
  pipelineName,
  configYaml: "a: 1",
  componentIds: ["source", "sink"],
});
const ALL = { pipelineName: "", status: "UNKNOWN", limit: 0 } as const;
const metrics = {
  eventsProcessed: 7,
  eventsPerSecond: 0.5,
  bytesProcessed: 9,
  componentMetrics: {},
};

function refusal(run: () => unknown): string {
  const error = assertThrows(run, GrpcError) as GrpcError;
  return `${error.code}: ${error.message}`;
}

Deno.test("a run starts, runs and ends, at the times at which it did", async () => {
  const clock = new FakeClock();
  const runs = new PipelineRuns(clock, noStorage);
  const startTime = clock.now();
  const created = runs.create(newRun("r1"));
  assertEquals([created.status, created.startTime, created.endTime], [
    "STARTING",
    startTime,
    undefined,
  ]);
  assertEquals(runs.active, 1);
  await clock.advance(1000);
  runs.update("r1", { status: "RUNNING", metrics, error: "" });
  const still = runs.update("r1", { status: "UNKNOWN", error: "late" });
  assertEquals([still.status, still.metrics, still.error], ["RUNNING", metrics, "late"]);
  const ended = runs.update("r1", { status: "FAILED", error: "" });
  await clock.advance(1000);
  assertEquals([ended.endTime, ended.error], [startTime + 1000, "late"]);
  assertEquals(runs.stop("r1"), ended);
  assertEquals(runs.active, 0);
});

Deno.test("stopping a run ends it, and one that is not known is not found", () => {
  const clock = new FakeClock();
  const runs = new PipelineRuns(clock, noStorage);
  runs.create(newRun("r1"));
  const { status, endTime } = runs.stop("r1");
  assertEquals([status, endTime], ["STOPPED", clock.now()]);
  for (
    const act of [
      () => runs.stop("x"),
      () => runs.get("x"),
      () => runs.update("x", { status: "UNKNOWN", error: "" }),
    ]
  ) {
    assertEquals(refusal(act), "NOT_FOUND: pipeline run not found: x");
  }
});

Deno.test("creating the same run again gives the same one; another one of its id is refused", () => {
  const runs = new PipelineRuns(new FakeClock(), noStorage);
  const first = runs.create(newRun("r1"));
  assertEquals(runs.create(newRun("r1")), first);
  assertEquals(
    refusal(() => runs.create(newRun("r1", "other"))),
    "FAILED_PRECONDITION: pipeline run r1 exists already",
  );
  assertEquals(
    refusal(() => runs.create(newRun("r2", ""))),
    "INVALID_ARGUMENT: pipeline_name must be set",
  );
  assertEquals(runs.create(newRun("")).runId.startsWith("run-"), true);
});

Deno.test("runs are listed the latest first, by pipeline and status, up to the limit", () => {
  const runs = new PipelineRuns(new FakeClock(), noStorage);
  for (const id of ["a", "b", "c"]) runs.create(newRun(id));
  runs.create(newRun("d", "other"));
  runs.update("b", { status: "RUNNING", error: "" });
  const listed = (query: Partial<Parameters<PipelineRuns["list"]>[0]>) =>
    runs.list({ ...ALL, ...query }).map((run) => run.runId).join("");
  assertEquals(listed({}), "dcba");
  assertEquals(listed({ pipelineName: "payments", limit: 2 }), "cb");
  assertEquals(listed({ status: "RUNNING" }), "b");
  assertEquals(
    refusal(() => listed({ limit: -1 })),
    "INVALID_ARGUMENT: limit must be 0 or more: -1",
  );
});

/** As many runs as there may be, `pipelineOf` of each, and the ids of those that were forgotten. */
function full(pipelineOf: (at: number) => string) {
  const clock = new FakeClock();
  const removed: string[] = [];
  const storage = { ...noStorage, removeRun: (id: string) => void removed.push(id) };
  const runs = new PipelineRuns(clock, storage);
  for (let at = 0; at < MAX_PIPELINE_RUNS; at++) runs.create(newRun(`r${at}`, pipelineOf(at)));
  return { clock, runs, removed };
}

Deno.test("of too many runs the oldest that has ended is forgotten, and no active one that is heard of", async () => {
  const { clock, runs, removed } = full(() => "payments");
  await clock.advance(RUN_SILENT_MS);
  assertEquals(refusal(() => runs.create(newRun("more"))).slice(0, 18), "RESOURCE_EXHAUSTED");
  runs.stop("r9");
  runs.stop("r7");
  const large = { ...newRun("large"), configYaml: "x".repeat(MAX_PIPELINE_RUN_BYTES) };
  assertEquals(refusal(() => runs.create(large)).slice(0, 18), "RESOURCE_EXHAUSTED");
  assertEquals(removed, []);
  await clock.advance(1);
  runs.create(newRun("more"));
  assertEquals(removed, ["r7"]);
});

Deno.test("a thousand runs whose runners have crashed hold no new one up, the most silent go first", async () => {
  const { clock, runs, removed } = full((at) => `pipeline-${at}`);
  await clock.advance(1_000);
  runs.update("r0", { status: "RUNNING", error: "" });
  await clock.advance(RUN_SILENT_MS - 500);
  for (let at = 1; at < MAX_PIPELINE_RUNS; at++) runs.create(newRun(`new${at}`, `other-${at}`));
  assertEquals(removed.slice(0, 3), ["r1", "r2", "r3"]);
  assertEquals([removed.length, runs.get("r0").status], [MAX_PIPELINE_RUNS - 1, "RUNNING"]);
  assertEquals(refusal(() => runs.create(newRun("more"))).slice(0, 18), "RESOURCE_EXHAUSTED");
});

Deno.test("a run that is silent but the last of its pipeline outlives those of one that crashes again and again", async () => {
  const { clock, runs, removed } = full((at) => at === 0 ? "lives" : "crashes");
  await clock.advance(RUN_SILENT_MS + 1);
  for (let at = 0; at < MAX_PIPELINE_RUNS - 1; at++) runs.create(newRun(`new${at}`, "crashes"));
  assertEquals([removed.length, removed.includes("r0")], [MAX_PIPELINE_RUNS - 1, false]);
  runs.update("r0", { status: "COMPLETED", error: "" });
});

Deno.test("runs that a state file of before holds were heard of when they started", async () => {
  const clock = new FakeClock();
  const startTime = clock.now() - RUN_SILENT_MS;
  const kept = Array.from({ length: MAX_PIPELINE_RUNS }, (_, at) => ({
    ...newRun(`r${at}`),
    status: "RUNNING",
    startTime,
    error: "",
  }));
  const runs = new PipelineRuns(clock, {
    ...noStorage,
    runs: () => kept as unknown as PipelineRun[],
  });
  assertEquals(refusal(() => runs.create(newRun("more"))).slice(0, 18), "RESOURCE_EXHAUSTED");
  await clock.advance(1);
  assertEquals(runs.create(newRun("more")).status, "STARTING");
});

Deno.test("a run that has ended takes last figures and is not brought back by what comes late", async () => {
  for (const ended of ["STOPPED", "COMPLETED", "FAILED"] as const) {
    const clock = new FakeClock();
    const runs = new PipelineRuns(clock, noStorage);
    runs.create(newRun("r1"));
    const { endTime } = runs.update("r1", { status: ended, error: "" });
    await clock.advance(1_000);
    for (const late of ["STARTING", "RUNNING", "COMPLETED", "FAILED", "STOPPED"] as const) {
      if (late === ended) continue;
      assertEquals(
        refusal(() => runs.update("r1", { status: late, metrics, error: "late" })),
        `FAILED_PRECONDITION: pipeline run r1 has ended as ${ended} and cannot become ${late}: ` +
          "create another run",
      );
    }
    assertEquals([runs.get("r1").metrics, runs.get("r1").error], [undefined, ""]);
    runs.update("r1", { status: ended, metrics, error: "" });
    const last = runs.update("r1", { status: "UNKNOWN", error: "why" });
    assertEquals([last.status, last.endTime, last.metrics, last.error], [
      ended,
      endTime,
      metrics,
      "why",
    ]);
  }
});

Deno.test("runs of the storage are known after a restart", () => {
  const clock = new FakeClock();
  const kept = new Map();
  const storage = {
    ...noStorage,
    runs: () => kept.values(),
    saveRun: (run: { runId: string }) => void kept.set(run.runId, run),
  };
  const before = new PipelineRuns(clock, storage);
  before.create(newRun("r1"));
  before.update("r1", { status: "RUNNING", metrics, error: "" });
  assertEquals(new PipelineRuns(clock, storage).get("r1"), before.get("r1"));
});

Deno.test("a run that is too large is refused, and the known one stays as it was", () => {
  const runs = new PipelineRuns(new FakeClock(), noStorage);
  runs.create(newRun("r1"));
  const large = { status: "FAILED", error: "x".repeat(MAX_PIPELINE_RUN_BYTES) } as const;
  assertEquals(refusal(() => runs.update("r1", large)).slice(0, 18), "RESOURCE_EXHAUSTED");
  assertEquals(runs.get("r1").status, "STARTING");
});
