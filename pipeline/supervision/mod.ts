export * from "./component_health.ts";
export * from "./supervisor.ts";
