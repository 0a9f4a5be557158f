/**
 * Durable files: the interface, the local file system, and one in memory that fails on demand.
 *
 * @module
 */
export { DenoStorage } from "./deno_storage.ts";
export { MemoryStorage, type StorageStep } from "./memory_storage.ts";
export {
  joinPath,
  type Storage,
  type StorageEntry,
  StorageError,
  type StorageErrorCode,
  type StorageFile,
  type StorageLock,
} from "./storage.ts";
