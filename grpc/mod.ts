/**
 * What every gRPC server and client of the project has in common: health, reflection, tokens, TLS,
 * names, errors and messages.
 *
 * @module
 */
export * from "./bearer_token.ts";
export * from "./client_credentials.ts";
export * from "./deferred_goaway.ts";
export * from "./grpc_error.ts";
export * from "./grpc_method.ts";
export * from "./health_client.ts";
export * from "./health_service.ts";
export * from "./listen.ts";
export * from "./plain_reason.ts";
export * from "./proto_file.ts";
export * from "./protobuf.ts";
export * from "./reflection_service.ts";
export * from "./reset_stream.ts";
export * from "./resolver.ts";
export * from "./until_aborted.ts";
