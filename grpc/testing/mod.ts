/**
 * What tests of gRPC servers have in common, here and elsewhere.
 *
 * @module
 */
export { callUnary, failureOf, sendBytes } from "./unary_client.ts";
export { certificates, hasOpenssl, openssl } from "./certificates.ts";
export { askReflection, rawClient, type ReflectionQuestion } from "./reflection_client.ts";
export { healthServer } from "./health_server.ts";
export { type UnreadCall, UnreadCalls, type UnreadEnd } from "./unread_calls.ts";
