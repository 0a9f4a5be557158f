/**
 * Time and memory of the thirteen flowctl metrics of ten services, as a control plane collects them,
 * with the garbage collected:
 *
 *     deno run -A --v8-flags=--expose-gc bench/monitoring_memory.ts
 *
 * `collection_ms` is the median time of one scrape, `resident` what registry, metrics and the figures
 * of the services keep after many.
 */
import { MetricsRegistry, realClock, RegisteredServicesMetrics } from "../flowctl/mod.ts";
import { monitoredServices } from "./_monitored_services.ts";

/** What was measured. */
export interface MonitoringMemory {
  readonly collection_ms: number;
  readonly resident: number;
}

/** Services: the size of a small pipeline, for which the limit is given. */
const SERVICES = 10;

/** Scrapes until the engine has compiled what runs often, and those that are timed. */
const WARM_UP = 500;
const SCRAPES = 500;

/** How often the garbage is collected until what is left is steady. */
const COLLECTIONS = 4;

async function measure(): Promise<MonitoringMemory> {
  const services = monitoredServices(SERVICES);
  const before = usedBytes();
  const metrics = new MetricsRegistry();
  new RegisteredServicesMetrics(metrics, {
    services: () => services,
    pipelines: () => new Map(),
    clock: realClock,
    intervalMs: 5_000,
  });
  for (let scrape = 0; scrape < WARM_UP; scrape++) await metrics.text();
  const times: number[] = [];
  for (let scrape = 0; scrape < SCRAPES; scrape++) {
    const begun = performance.now();
    await metrics.text();
    times.push(performance.now() - begun);
  }
  const resident = usedBytes() - before;
  if (!(await metrics.text()).includes("flowctl_service_load_ratio{")) throw new Error("no series");
  return { collection_ms: times.toSorted((a, b) => a - b)[SCRAPES / 2]!, resident };
}

function usedBytes(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("run with --v8-flags=--expose-gc");
  for (let round = 0; round < COLLECTIONS; round++) gc();
  return Deno.memoryUsage().heapUsed;
}

if (import.meta.main) console.log(JSON.stringify(await measure()));
