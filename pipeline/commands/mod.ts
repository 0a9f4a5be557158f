export * from "./all_commands.ts";
export * from "./command_help.ts";
export * from "./running_pipeline.ts";
