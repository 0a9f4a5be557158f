import { join } from "@std/path";
import { LakeError } from "./lake_error.ts";

/** What tells one version of a stored file from another. */
export interface StoredFile {
  /** Size as stored. */
  readonly sizeBytes: number;
  /** Milliseconds since 1970; 0 where the store does not say. */
  readonly modified: number;
}

/**
 * What a lake needs of the place where it lies, so that the same reading works over any store.
 * Keys are relative, joined by `/`. Failures other than absence are LakeErrors (`io`).
 */
export interface LakeStorage {
  /** Names the place in errors: a folder's path, an address. */
  readonly where: string;
  /** A file's bytes; undefined when there is none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** A file's facts; undefined when there is none. */
  stat(key: string): Promise<StoredFile | undefined>;
  /** Names right under a folder (empty for the root), in no order; undefined when there is none. */
  list(folder: string): Promise<string[] | undefined>;
}

/**
 * Largest file read. A batch file is far smaller than what it decompresses to, so that a larger one
 * is something else, and is refused before it takes the memory.
 */
export const MAX_STORED_BYTES = 256 * 1024 * 1024;

/** A lake's files in a folder. */
export class FolderStorage implements LakeStorage {
  constructor(readonly where: string) {}

  read(key: string): Promise<Uint8Array | undefined> {
    return this.#orAbsent(key, async (path) => {
      const { size } = await Deno.stat(path);
      if (size > MAX_STORED_BYTES) {
        throw new LakeError(
          "io",
          `Cannot read ${path}: it has ${size} bytes, at most ${MAX_STORED_BYTES} are accepted.`,
        );
      }
      return await Deno.readFile(path);
    });
  }

  stat(key: string): Promise<StoredFile | undefined> {
    return this.#orAbsent(key, async (path) => {
      const info = await Deno.stat(path);
      return { sizeBytes: info.size, modified: info.mtime?.getTime() ?? 0 };
    });
  }

  list(folder: string): Promise<string[] | undefined> {
    return this.#orAbsent(folder, async (path) => {
      const names: string[] = [];
      for await (const entry of Deno.readDir(path)) names.push(entry.name);
      return names;
    });
  }

  async #orAbsent<T>(key: string, read: (path: string) => Promise<T>): Promise<T | undefined> {
    const path = join(this.where, key);
    try {
      return await read(path);
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return undefined;
      if (cause instanceof LakeError) throw cause;
      throw new LakeError("io", `Cannot read ${path}: ${(cause as Error).message}.`, { cause });
    }
  }
}
