import type { ComponentSnapshot, ComponentState } from "../supervision/mod.ts";

/** One component as `status` tells it, in the names of its JSON form. */
export interface ComponentStatus {
  /** Short name, such as `source`. */
  readonly name: string;
  /** Name of the component, such as `stellar-arrow-source`. */
  readonly component: string;
  readonly pid: number | null;
  readonly state: ComponentState;
  readonly uptime_seconds: number | null;
  readonly restarts: number;
  readonly ports: Readonly<Record<string, number>>;
  /** Last ledger sent, turned into events, or committed. */
  readonly ledger: number | null;
  /** Newest ledger that it knows of. */
  readonly tip: number | null;
  /** Ledgers between the two. */
  readonly lag_ledgers: number | null;
  readonly ledgers_per_second: number | null;
  readonly events_per_second: number | null;
  readonly rss_bytes: number | null;
  /** Why its process ended the last time, or what is wrong now. */
  readonly reason: string | null;
}

/** A whole pipeline as `status` tells it, in the names of its JSON form. */
export interface PipelineStatus {
  /** `starting` until all components have been ready once. */
  readonly state: "starting" | "running" | "stopping";
  readonly profile: string;
  readonly pid: number;
  /** When the run began, in ISO 8601. */
  readonly since: string;
  readonly detached: boolean;
  readonly components: readonly ComponentStatus[];
}

/** Rates of a component, from looks at its counters. */
export interface Rates {
  readonly ledgers: number | undefined;
  readonly events: number | undefined;
}

/** States in which the last process of a component is gone, and its id may be another program's. */
const WITHOUT_PROCESS: ReadonlySet<ComponentState> = new Set([
  "stopped",
  "restarting",
  "failed",
  "finished",
]);

/**
 * What is known of a component, for people and programs.
 *
 * @param nowMs on the scale of the snapshot's `startedAtMs`
 */
export function componentStatus(
  snapshot: ComponentSnapshot,
  name: string,
  rates: Rates,
  nowMs: number,
): ComponentStatus {
  const { component, state, pid, startedAtMs, restarts, ports, reply, lastEnd } = snapshot;
  const isUp = pid !== undefined && !WITHOUT_PROCESS.has(state);
  const answer = reply?.answer;
  const { ledger, tip } = answer?.progress ?? {};
  const lag = typeof ledger === "number" && typeof tip === "number"
    ? Math.max(0, tip - ledger)
    : null;
  const trouble = answer?.details.error;
  // The answer is then one of before: what was reached stands, how things are now is not known.
  const isSilent = isUp && reply !== undefined && reply.code === undefined;
  const isKnown = isUp && !isSilent;
  return {
    name,
    component,
    pid: isUp ? pid : null,
    state,
    uptime_seconds: isUp && startedAtMs !== undefined
      ? Math.max(0, Math.round((nowMs - startedAtMs) / 1000))
      : null,
    restarts,
    ports,
    ledger: ledger ?? null,
    tip: tip ?? null,
    lag_ledgers: isSilent ? null : lag,
    ledgers_per_second: isKnown ? rates.ledgers ?? null : null,
    events_per_second: isKnown ? rates.events ?? null : null,
    rss_bytes: isKnown ? answer?.rss_bytes ?? null : null,
    reason: isSilent
      ? `gives no answer: ${reply.error ?? "none"}`
      : typeof trouble === "string"
      ? trouble
      : lastEnd ?? null,
  };
}
