import type { HealthReply } from "../../flowctl/mod.ts";

/** How a component is. The words of `/health`, and those for when it cannot be asked. */
export type ComponentState =
  | "waiting"
  | "starting"
  | "healthy"
  | "degraded"
  | "unhealthy"
  | "restarting"
  | "stopping"
  | "stopped"
  | "failed"
  | "finished";

/** What is known of a component at a moment. */
export interface ComponentSnapshot {
  readonly component: string;
  readonly state: ComponentState;
  readonly pid?: number;
  /** When its process was started, on the clock's monotonic scale. */
  readonly startedAtMs?: number;
  /** How often it was started again. */
  readonly restarts: number;
  /** Its ports by name, once it has told them. */
  readonly ports: Readonly<Record<string, number>>;
  /** Its newest answer. */
  readonly reply?: HealthReply;
  /** Why its process ended the last time. */
  readonly lastEnd?: string;
}
