export * from "./component_end.ts";
export * from "./component_snapshot.ts";
export * from "./component_supervisor.ts";
export * from "./restart_policy.ts";
export * from "./stage.ts";
export * from "./supervisor.ts";
export * from "./supervision_events.ts";
export * from "./supervision_limits.ts";
