/**
 * What tests of flowctl's protocols have in common, here and elsewhere.
 *
 * @module
 */
export { protobufRoot } from "./protobuf_root.ts";
export { RandomMessage, seededRandom } from "./random_message.ts";
