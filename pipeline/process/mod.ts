export * from "./component_process.ts";
export * from "./launcher.ts";
export * from "./process_identity.ts";
export * from "./send_signal.ts";
export * from "./stop_requests.ts";
