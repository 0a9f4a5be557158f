import { BATCH_EXTENSIONS, type BatchExtension, type BatchLocation } from "./batch_layout.ts";
import type { LakeStorage } from "./lake_storage.ts";

/** A batch file that is there. */
export interface BatchFile {
  /** Its name under the lake's root. */
  readonly key: string;
  /** Its bytes, as they are stored. */
  readonly bytes: Uint8Array;
}

/**
 * Finds the batch files of a lake by their places, however their names end: a lake that was
 * written on after its writer changed has both ends, and is one lake nevertheless.
 */
export class BatchFiles {
  readonly #storage: LakeStorage;
  /** How the last file that was found ends; the next one most likely ends so as well. */
  #extension: BatchExtension | undefined;

  constructor(storage: LakeStorage) {
    this.#storage = storage;
  }

  /** The file of a batch; undefined when there is none. Throws LakeError (`io`). */
  async read(location: BatchLocation): Promise<BatchFile | undefined> {
    for (const extension of this.#extensions(location)) {
      const key = keyOf(location, extension);
      const bytes = await this.#storage.read(key);
      if (bytes === undefined) continue;
      this.#extension = extension;
      return { key, bytes };
    }
    return undefined;
  }

  /** Whether a batch has a file. Throws LakeError (`io`). */
  async has(location: BatchLocation): Promise<boolean> {
    for (const extension of this.#extensions(location)) {
      if (await this.#storage.stat(keyOf(location, extension)) !== undefined) return true;
    }
    return false;
  }

  /** The ends of names, the likeliest first: at first the one of the lake's layout. */
  #extensions({ key }: BatchLocation): readonly BatchExtension[] {
    const likeliest = this.#extension ?? extensionOf(key);
    return likeliest === BATCH_EXTENSIONS[0] ? BATCH_EXTENSIONS : OLDER_FIRST;
  }
}

const OLDER_FIRST = BATCH_EXTENSIONS.toReversed();

function extensionOf(key: string): BatchExtension {
  return BATCH_EXTENSIONS.find((extension) => key.endsWith(extension))!;
}

function keyOf({ key }: BatchLocation, extension: BatchExtension): string {
  return key.slice(0, -extensionOf(key).length) + extension;
}
