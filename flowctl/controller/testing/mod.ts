/**
 * A control plane in memory, for tests of whatever talks to one.
 *
 * @module
 */
export { type CallName, failure, MemoryClient } from "./memory_client.ts";
