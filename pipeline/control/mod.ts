export * from "./control_client.ts";
export * from "./control_server.ts";
export * from "./endpoint_health.ts";
export * from "./pipeline_status.ts";
export * from "./status_collector.ts";
