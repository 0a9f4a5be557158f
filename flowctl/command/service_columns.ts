import { paintStatus } from "./paint_status.ts";
import type { TextColumn } from "./text_table.ts";

/** The columns of every table of services with their figures. */
export const SERVICE_COLUMNS: readonly TextColumn[] = [
  { head: "service" },
  { head: "type" },
  { head: "status", paint: paintStatus },
  { head: "heard of" },
  { head: "events/s", isNumber: true },
  { head: "latency", isNumber: true },
  { head: "load", isNumber: true },
  { head: "queue", isNumber: true },
  { head: "errors", isNumber: true },
];
