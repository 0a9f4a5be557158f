import type { FailureReason } from "./pool_stats.ts";

/** What happens to a pool's connections, for logs. */
export type PoolEvent =
  /** A connection has been opened. */
  | { readonly type: "connected"; readonly endpoint: string }
  /** An endpoint does not serve; it is tried again in the background. */
  | {
    readonly type: "failed";
    readonly endpoint: string;
    readonly reason: FailureReason;
    readonly error: unknown;
  }
  /** It serves again. */
  | { readonly type: "recovered"; readonly endpoint: string; readonly afterMs: number }
  /**
   * Work that wants the first endpoint that serves goes to another one than before; `error` says
   * why the former does not serve, and is absent when the way leads back.
   */
  | {
    readonly type: "moved";
    readonly from: string;
    readonly to: string;
    readonly error?: string;
  }
  /** A connection had nothing to do for too long. */
  | { readonly type: "closed_idle"; readonly endpoint: string };
