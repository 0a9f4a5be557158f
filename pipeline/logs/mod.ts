export * from "./log_line.ts";
export * from "./log_reader.ts";
export * from "./rotating_log.ts";
