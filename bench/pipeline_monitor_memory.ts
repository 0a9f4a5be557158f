/**
 * Memory of the monitor, measured with the garbage collected before:
 *
 *     deno run -A --v8-flags=--expose-gc bench/pipeline_monitor_memory.ts
 *
 * `history` is an hour of looks at a service's usual interval, with all that is kept beside the
 * series; `report` is what one health report allocates, its answer included.
 */
import {
  MetricsHistory,
  monitoredService,
  pipelineReport,
  pipelineSnapshot,
} from "../flowctl/mod.ts";
import { monitoredPipeline } from "./monitored_pipeline.ts";

/** Bytes for so many services. */
export interface PipelineMonitorMemory {
  readonly services: number;
  readonly history: number;
  readonly report: number;
}

const NOW = Date.UTC(2025, 0, 1);
const INTERVAL_MS = 5_000;
const LOOKS_AN_HOUR = 720;

/** How often the garbage is collected until what is left is steady. */
const COLLECTIONS = 4;

/** Reports measured; the middle one counts, since a collection may come within one. */
const REPORTS = 21;

function measure(count: number): PipelineMonitorMemory {
  const services = monitoredPipeline(count, NOW).map((service) => monitoredService(service, NOW));
  const snapshot = pipelineSnapshot({ services, problems: [] }, NOW);
  const hour = () => {
    const made = new MetricsHistory({ intervalMs: INTERVAL_MS });
    for (let look = 1; look <= LOOKS_AN_HOUR; look++) {
      made.record({ ...snapshot, timeMs: NOW + look * INTERVAL_MS });
    }
    return made;
  };
  // The first one also makes what belongs to the code.
  hour();
  collect();
  const before = usedBytes();
  const history = hour();
  collect();
  const historyBytes = usedBytes() - before;
  const report = () =>
    pipelineReport(snapshot, (id, windowMs) => history.trend("ledgers_behind_tip", id, windowMs));
  const allocated = Array.from({ length: REPORTS }, () => {
    collect();
    const start = Deno.memoryUsage().heapUsed;
    const kept = report();
    const end = Deno.memoryUsage().heapUsed;
    if (kept.services.length !== count) throw new Error("a report without its services");
    return end - start;
  });
  allocated.sort((a, b) => a - b);
  return { services: count, history: historyBytes, report: allocated[Math.floor(REPORTS / 2)]! };
}

function collect(): void {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("run with --v8-flags=--expose-gc");
  for (let round = 0; round < COLLECTIONS; round++) gc();
}

/** Series are outside the heap. */
function usedBytes(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

if (import.meta.main) console.log(JSON.stringify([10, 100, 1_000].map(measure)));
