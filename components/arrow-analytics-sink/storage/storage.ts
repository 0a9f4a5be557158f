/**
 * The few file operations that the sink is made of. Everything durable goes through this
 * interface, so that a test can make each single step fail and look at what a restart finds.
 *
 * Paths use `/`. Errors of a file that is or is not there are {@linkcode StorageError}s with the
 * codes below; anything else (such as a missing permission) passes through with code `IO`.
 */
export interface Storage {
  /** Makes a folder with its parents; new names are durable when it resolves. */
  makeFolder(path: string): Promise<void>;
  /** Creates a file for writing. Throws `EXISTS` when there is one of that name. */
  createNew(path: string): Promise<StorageFile>;
  /** Moves a file over the name `to`, replacing what is there, in one step. */
  rename(from: string, to: string): Promise<void>;
  /** Gives a file a second name, only if that name is free; throws `EXISTS` otherwise. */
  link(existing: string, name: string): Promise<void>;
  /** Makes the names of a folder durable. */
  syncFolder(path: string): Promise<void>;
  /** Entries of a folder in no order; empty when there is no such folder. */
  list(path: string): Promise<StorageEntry[]>;
  /** Contents of a file. Throws `NOT_FOUND`. */
  read(path: string): Promise<Uint8Array>;
  /** Removes a file; a file that is not there is no error. */
  remove(path: string): Promise<void>;
  /** Size of a file, undefined when there is none. */
  stat(path: string): Promise<{ sizeBytes: number } | undefined>;
  /**
   * Takes the exclusive lock that the file at `path` stands for and writes `holder` into it. The
   * lock ends with the process, so that a dead holder's is free. Throws `LOCKED`, whose message is
   * what the holder wrote.
   */
  lock(path: string, holder: string): Promise<StorageLock>;
}

/** A file that is being written. */
export interface StorageFile {
  /** Appends all bytes. */
  write(bytes: Uint8Array): Promise<void>;
  /** Makes contents durable. */
  sync(): Promise<void>;
  /** Ends writing. Does not make anything durable. */
  close(): void;
}

/** One name in a folder. */
export interface StorageEntry {
  name: string;
  isFolder: boolean;
}

/** A lock that is held until it is released or the process ends. */
export interface StorageLock {
  release(): Promise<void>;
}

/** What went wrong with a file. */
export type StorageErrorCode = "NOT_FOUND" | "EXISTS" | "LOCKED" | "FULL" | "IO";

/** A file operation that failed; the message names operation and path. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  constructor(readonly code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Joins parts of a path with `/`. */
export function joinPath(...parts: string[]): string {
  return parts.filter((part) => part !== "").join("/");
}
