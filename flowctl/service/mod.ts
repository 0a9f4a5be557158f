/**
 * What a service says of itself and what a control plane knows of it; server and clients share it.
 *
 * @module
 */
export * from "./service.ts";
export * from "./service_json.ts";
export * from "./service_labels.ts";
