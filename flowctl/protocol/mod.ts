/**
 * The two protocols of the control plane as typed messages and gRPC services, made from proto/.
 *
 * Fields have their names of the .proto file in camelCase. Integers of 64 bits are numbers, exact
 * within ±2^53; a Timestamp is milliseconds since 1970, `undefined` when it is not set; an enum is a
 * number, also where a peer sends a value that is not known here; a map is an object.
 *
 * @module
 */
export * as v1 from "./v1_generated.ts";
export * as legacy from "./legacy_generated.ts";
export { protoFiles } from "./descriptors_generated.ts";
export type { Empty } from "./empty.ts";
export type { Message } from "./message.ts";
