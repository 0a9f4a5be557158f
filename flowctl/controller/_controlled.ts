import { createLogger, FakeClock } from "../component/mod.ts";
import { Controller, type ControllerOptions } from "./controller.ts";
import { MemoryClient } from "./testing/mod.ts";

/** Time between heartbeats of a controller under test. */
export const INTERVAL_MS = 10_000;

/** A controller over a control plane in memory, without jitter unless told otherwise. */
export function controlled(options: Partial<ControllerOptions> = {}) {
  const clock = new FakeClock();
  const client = new MemoryClient();
  const log: string[] = [];
  const controller = new Controller({
    endpoint: "plane.example:8080",
    registration: { name: "feed", type: "SOURCE", outputEventTypes: ["example.Price"] },
    heartbeatIntervalMs: INTERVAL_MS,
    instance: "1",
    clock,
    // The middle of the jitter.
    random: () => 0.5,
    connect: () => client,
    log: createLogger({
      component: "feed",
      level: "debug",
      format: "text",
      clock,
      write: (line) => log.push(line),
    }),
    ...options,
  });
  const warnings = () => log.filter((line) => line.includes(" WARN "));
  return { clock, client, controller, log, warnings };
}
