import { Lake, type LakeOptions } from "./lake.ts";
import { FolderStorage } from "./lake_storage.ts";

/** A lake in a folder. */
export class FilesystemLake extends Lake {
  /**
   * Opens the lake in `path`, with or without `.config.json`; it may still be empty.
   * Throws LakeError: `not_found`, `config` or `io`.
   */
  static async open(path: string, options: LakeOptions): Promise<FilesystemLake> {
    const storage = new FolderStorage(path);
    const lake = new FilesystemLake(storage, await Lake.readConfig(storage), options);
    await lake.bounds();
    return lake;
  }
}
