export * from "./console_output.ts";
export * from "./log_filter.ts";
export * from "./newest_commit.ts";
export * from "./progress.ts";
export * from "./progress_display.ts";
export * from "./run_summary.ts";
export * from "./sink_totals.ts";
export * from "./status_table.ts";
