/** How far a run has come. */
export const RUN_STATUSES = [
  "UNKNOWN",
  "STARTING",
  "RUNNING",
  "COMPLETED",
  "FAILED",
  "STOPPED",
] as const;
/** One of {@linkcode RUN_STATUSES}. */
export type RunStatus = typeof RUN_STATUSES[number];

/** What went through one component in a run. */
export interface ComponentRunMetrics {
  /** Events read. */
  readonly eventsIn: number;
  /** Events served. */
  readonly eventsOut: number;
  /** Bytes read. */
  readonly bytesIn: number;
  /** Bytes served. */
  readonly bytesOut: number;
  /** Time spent on them. */
  readonly processingTimeMs: number;
}

/** What went through a run. */
export interface RunMetrics {
  /** Events in all. */
  readonly eventsProcessed: number;
  /** Events a second, now. */
  readonly eventsPerSecond: number;
  /** Bytes in all. */
  readonly bytesProcessed: number;
  /** By component. */
  readonly componentMetrics: Readonly<Record<string, ComponentRunMetrics>>;
}

/** A run of a pipeline, as whoever runs it tells it. */
export interface PipelineRun {
  /** Its id. */
  readonly runId: string;
  /** Which pipeline runs. */
  readonly pipelineName: string;
  /** How far it has come. */
  readonly status: RunStatus;
  /** When it was created, in milliseconds since 1970. */
  readonly startTime: number;
  /** When it was heard of last, in milliseconds since 1970. */
  readonly updatedAt: number;
  /** When it ended, in milliseconds since 1970; absent while it runs. */
  readonly endTime?: number;
  /** The pipeline's configuration. */
  readonly configYaml: string;
  /** The latest that was told. */
  readonly metrics?: RunMetrics;
  /** Why it failed. */
  readonly error: string;
  /** Ids of its components. */
  readonly componentIds: readonly string[];
}

/** Whether a run has come to its end. */
export function hasEnded(status: RunStatus): boolean {
  return status === "COMPLETED" || status === "FAILED" || status === "STOPPED";
}
