import process from "node:process";
import type { ComponentDeclaration } from "../config/mod.ts";
import type { Clock, ClockTimer } from "./clock.ts";
import { addDeclaredMetrics } from "./declared_metrics.ts";
import type { MetricDeclarations } from "./metric_declaration.ts";
import type { MetricsRegistry } from "./metrics_registry.ts";

/** How often the event loop's delay is looked at. */
const LAG_INTERVAL_MS = 500;

/** What every process shows of itself. */
export const PROCESS_METRICS = {
  cpu: {
    name: "process_cpu_seconds_total",
    type: "counter",
    unit: "seconds",
    help: "Processor time used, user and system.",
    worry: "Its rate is at the number of cores while the component falls behind.",
  },
  start: {
    name: "process_start_time_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Start of the process in seconds since 1970.",
    worry: "It changes without anyone having restarted the component.",
  },
  resident: {
    name: "process_resident_memory_bytes",
    type: "gauge",
    unit: "bytes",
    help: "Memory of the process that is in use.",
    worry: "It is above 512 MiB: no component should need more.",
  },
  heap: {
    name: "process_heap_bytes",
    type: "gauge",
    unit: "bytes",
    help: "Memory of JavaScript objects in use.",
    worry: "It grows for hours.",
  },
  external: {
    name: "process_external_memory_bytes",
    type: "gauge",
    unit: "bytes",
    help: "Memory of buffers outside the JavaScript heap.",
    worry: "It grows for hours.",
  },
  info: {
    name: "obsrvr_component_info",
    type: "gauge",
    unit: "1",
    help: "Always 1; the labels name component and version.",
    worry: "Versions differ within one pipeline.",
    labels: {
      component: { atMost: 1, of: "name in component.yaml" },
      version: { atMost: 1, of: "version in component.yaml" },
    },
  },
  eventLoopLag: {
    name: "process_event_loop_lag_seconds",
    type: "gauge",
    unit: "seconds",
    help: "Longest delay of a timer since the last look.",
    worry: "It is above 1 s: heartbeats and answers are late.",
  },
} as const satisfies MetricDeclarations;

/**
 * Adds memory, processor time, uptime, event-loop lag and the component's name and version; none
 * of them needs a permission.
 *
 * @returns the timer that watches the event loop, for its owner to stop
 */
export function addProcessMetrics(
  metrics: MetricsRegistry,
  declaration: ComponentDeclaration,
  clock: Clock,
): ClockTimer {
  const startSeconds = clock.now() / 1000;
  const lag = watchEventLoop(clock);
  addDeclaredMetrics(metrics, PROCESS_METRICS, {
    cpu: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    start: () => startSeconds,
    resident: () => Deno.memoryUsage().rss,
    heap: () => Deno.memoryUsage().heapUsed,
    external: () => Deno.memoryUsage().external,
    info: () => [{
      value: 1,
      labels: { component: declaration.name, version: declaration.version },
    }],
    eventLoopLag: () => lag.takeWorst() / 1000,
  });
  return lag.timer;
}

/** A timer that comes late shows for how long the event loop was busy. */
function watchEventLoop(clock: Clock): { readonly timer: ClockTimer; takeWorst(): number } {
  let expected = clock.monotonic() + LAG_INTERVAL_MS;
  let worstMs = 0;
  const timer = clock.setInterval(() => {
    const now = clock.monotonic();
    worstMs = Math.max(worstMs, now - expected, 0);
    expected = now + LAG_INTERVAL_MS;
  }, LAG_INTERVAL_MS);
  return {
    timer,
    takeWorst: () => {
      const worst = worstMs;
      worstMs = 0;
      return worst;
    },
  };
}
