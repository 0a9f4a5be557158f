import { assertEquals } from "@std/assert";
import type { Service } from "../../service/mod.ts";
import { processor, service, sink } from "../../service/testing/mod.ts";
import { MAX_SHOWN_PIPELINES } from "./flowctl_metrics.ts";
import { PipelineTotals } from "./pipeline_totals.ts";

const at = (base: Partial<Service>, beat: number, metrics: Record<string, number>) =>
  service({
    ...base,
    lastHeartbeatAt: beat,
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, n]) => [name, `${n}`])),
  });
const events = (count: number) => ({ events_processed_total: count });
const NONE = new Map<string, string>();

Deno.test("events of the last stage count from when they were first seen, also when a service begins anew", () => {
  const totals = new PipelineTotals();
  const look = (processed: number, stored: number) => {
    totals.update([at(processor, 0, events(processed)), at(sink, 0, events(stored))], NONE);
    return totals.events.get("default");
  };
  assertEquals([look(1_000, 500), look(1_400, 700), look(1_500, 40)], [0, 200, 240]);
});

Deno.test("a heartbeat without the figure, and a service that is away for a look, lose nothing twice", () => {
  const totals = new PipelineTotals();
  totals.update([at(sink, 1, events(10))], NONE);
  totals.update([at(sink, 2, {})], NONE);
  totals.update([at(sink, 3, events(15))], NONE);
  assertEquals(totals.events.get("default"), 5);
  totals.update([], NONE);
  totals.update([at(sink, 4, events(100))], NONE);
  assertEquals(totals.events.get("default"), 5);
});

Deno.test("each pipeline run has a count of its own", () => {
  const totals = new PipelineTotals();
  const other = { ...sink, id: "other" };
  const names = new Map([["other", "payments"]]);
  totals.update([at(sink, 0, events(0)), at(other, 0, events(0))], names);
  totals.update([at(sink, 0, events(3)), at(other, 0, events(4))], names);
  assertEquals([...totals.events], [["default", 3], ["payments", 4]]);
});

Deno.test("the stages' slowest are added up, once for each heartbeat of the last stage", () => {
  const totals = new PipelineTotals();
  const told: [string, number][] = [];
  totals.onLatency = (pipeline, seconds) => told.push([pipeline, seconds]);
  const look = (beat: number) =>
    totals.update([
      at(processor, beat, { processing_latency_ms: 100 }),
      at({ ...processor, id: "slow" }, beat, { processing_latency_ms: 300 }),
      at({ ...processor, id: "ill", status: "UNHEALTHY" }, beat, { processing_latency_ms: 9_000 }),
      at(sink, beat, { processing_latency_ms: 200 }),
    ], NONE);
  for (const beat of [1, 2, 2, 3]) look(beat);
  assertEquals(told, [["default", 0.5], ["default", 0.5]]);
});

Deno.test("pipelines beyond the most count as the default one", () => {
  const totals = new PipelineTotals();
  const many = Array.from({ length: MAX_SHOWN_PIPELINES + 20 }, (_, n) => `p${n}`);
  const names = new Map(many.map((name) => [name, name]));
  totals.update(many.map((id) => at({ ...sink, id }, 0, events(0))), names);
  assertEquals(totals.events.size <= MAX_SHOWN_PIPELINES + 1, true);
  assertEquals(totals.events.has("default"), true);
});
