import type { AlertsJson, PipelineReport, SnapshotJson } from "../../monitoring/mod.ts";

export type { AlertsJson, PipelineReport, SnapshotJson };

/** A service as `/api/snapshot` tells it. */
export type ServiceJson = SnapshotJson["services"][number];

/** An alert as `/api/alerts` tells it. */
export type AlertJson = AlertsJson["alerts"][number];

/** The answer of `/api/history` for one metric; a point whose value is not known has null. */
export interface HistoryJson {
  readonly metric: string;
  readonly step_ms: number;
  readonly points: readonly (readonly [timeMs: number, value: number | null])[];
}
