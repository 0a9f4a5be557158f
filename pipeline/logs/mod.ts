export * from "./log_folder.ts";
export * from "./log_follower.ts";
export * from "./log_line.ts";
export * from "./log_reader.ts";
export * from "./rotating_log.ts";
