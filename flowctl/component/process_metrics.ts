import process from "node:process";
import type { ComponentDeclaration } from "../config/mod.ts";
import type { Clock, ClockTimer } from "./clock.ts";
import type { MetricsRegistry } from "./metrics_registry.ts";

/** How often the event loop's delay is looked at. */
const LAG_INTERVAL_MS = 500;

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
  metrics.counter({
    name: "process_cpu_seconds_total",
    help: "Processor time used, user and system.",
    read: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  });
  metrics.gauge({
    name: "process_start_time_seconds",
    help: "Start of the process in seconds since 1970.",
    read: () => startSeconds,
  });
  metrics.gauge({
    name: "process_resident_memory_bytes",
    help: "Memory of the process that is in use.",
    read: () => Deno.memoryUsage().rss,
  });
  metrics.gauge({
    name: "process_heap_bytes",
    help: "Memory of JavaScript objects in use.",
    read: () => Deno.memoryUsage().heapUsed,
  });
  metrics.gauge({
    name: "process_external_memory_bytes",
    help: "Memory of buffers outside the JavaScript heap.",
    read: () => Deno.memoryUsage().external,
  });
  metrics.gauge({
    name: "obsrvr_component_info",
    help: "Always 1; the labels name component and version.",
    labels: { component: [declaration.name], version: [declaration.version] },
    read:
      () => [{ value: 1, labels: { component: declaration.name, version: declaration.version } }],
  });
  return watchEventLoop(metrics, clock);
}

/** A timer that comes late shows for how long the event loop was busy. */
function watchEventLoop(metrics: MetricsRegistry, clock: Clock): ClockTimer {
  let expected = clock.monotonic() + LAG_INTERVAL_MS;
  let worstMs = 0;
  metrics.gauge({
    name: "process_event_loop_lag_seconds",
    help: "Longest delay of a timer since the last look.",
    read: () => {
      const lag = worstMs / 1000;
      worstMs = 0;
      return lag;
    },
  });
  return clock.setInterval(() => {
    const now = clock.monotonic();
    worstMs = Math.max(worstMs, now - expected, 0);
    expected = now + LAG_INTERVAL_MS;
  }, LAG_INTERVAL_MS);
}
