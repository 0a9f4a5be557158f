export * from "./component_end.ts";
export * from "./component_health.ts";
export * from "./component_supervisor.ts";
export * from "./restart_policy.ts";
export * from "./stage.ts";
export * from "./supervisor.ts";
