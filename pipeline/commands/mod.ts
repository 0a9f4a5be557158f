export * from "./start_command.ts";
