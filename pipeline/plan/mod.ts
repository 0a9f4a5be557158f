export * from "./component_command.ts";
export * from "./entry_points.ts";
export * from "./listen_address.ts";
export * from "./manager_config.ts";
export * from "./pipeline_plan.ts";
export * from "./taken_ports.ts";
export * from "./worker_code.ts";
export * from "./writable_folders.ts";
