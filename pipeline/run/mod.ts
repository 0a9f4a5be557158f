export * from "./left_over_processes.ts";
export * from "./pipeline_run.ts";
export * from "./run_output.ts";
export * from "./short_name.ts";
