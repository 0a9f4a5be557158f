/**
 * What programs with commands share: their command lines, helps, tables and watching.
 *
 * @module
 */
export * from "./command.ts";
export * from "./command_help.ts";
export * from "./command_line.ts";
export * from "../figures/mod.ts";
export * from "./paint_status.ts";
export * from "./plain_text.ts";
export * from "./service_columns.ts";
export * from "./text_sink.ts";
export * from "./text_table.ts";
export * from "./watch.ts";
