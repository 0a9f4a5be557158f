import type { RestartLimits } from "./restart_policy.ts";

/** Limits of a component's life. */
export interface SupervisionLimits extends RestartLimits {
  /** From its start to its readiness, in milliseconds. */
  readonly readyMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly graceMs: number;
  /** How long it may give no good answer before it is started again. */
  readonly unhealthyAfterMs: number;
}
