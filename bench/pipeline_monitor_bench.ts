/** What the monitor does at each look, and the health report, must stay linear in services. */
import {
  MetricsHistory,
  monitoredService,
  pipelineReport,
  type PipelineSnapshot,
  pipelineSnapshot,
  snapshotJson,
} from "../flowctl/mod.ts";
import { monitoredPipeline } from "./monitored_pipeline.ts";

const NOW = Date.UTC(2025, 0, 1);
const INTERVAL_MS = 5_000;

/** A look at services whose figures lead to every kind of recommendation. */
function look(count: number): PipelineSnapshot {
  return pipelineSnapshot({
    services: monitoredPipeline(count, NOW).map((service) => monitoredService(service, NOW)),
    problems: [],
  }, NOW);
}

for (const count of [10, 100, 1000]) {
  const services = monitoredPipeline(count, NOW);
  Deno.bench({ name: `monitoring: snapshot of ${count} services` }, () => {
    pipelineSnapshot({
      services: services.map((service) => monitoredService(service, NOW)),
      problems: [],
    }, NOW);
  });
}

for (const count of [10, 1000]) {
  const snapshot = look(count);
  const history = new MetricsHistory({ intervalMs: INTERVAL_MS });
  for (let at = -720; at < 0; at++) {
    history.record({ ...snapshot, timeMs: NOW + at * INTERVAL_MS });
  }
  Deno.bench({ name: `monitoring: health report of ${count} services` }, () => {
    pipelineReport(
      snapshot,
      (id, windowMs) => history.trend("ledgers_behind_tip", id, windowMs),
    );
  });
  let at = 0;
  Deno.bench({ name: `monitoring: record a look at ${count} services` }, () => {
    history.record({ ...snapshot, timeMs: NOW + at++ * INTERVAL_MS });
  });
  Deno.bench({ name: `monitoring: JSON of a snapshot of ${count} services` }, () => {
    JSON.stringify(snapshotJson(snapshot));
  });
}
