/**
 * What tests of gRPC servers have in common, here and elsewhere.
 *
 * @module
 */
export { askReflection, rawClient, type ReflectionQuestion } from "./reflection_client.ts";
export { healthServer } from "./health_server.ts";
