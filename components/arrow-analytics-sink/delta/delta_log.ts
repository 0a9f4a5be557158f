import { joinPath, type Storage, StorageError } from "../storage/mod.ts";
import { loadParquetWasm, type ParquetWasm } from "../writers/mod.ts";
import { type Action, LogError } from "./action.ts";
import {
  checkpointActions,
  checkpointSize,
  checkpointStatistics,
  decodeCheckpoint,
  encodeCheckpoint,
  type FileStatistics,
} from "./checkpoint.ts";
import { parseCommit } from "./read_commit.ts";
import { Snapshot } from "./snapshot.ts";

/** A checkpoint is written at each version that is a multiple of this, as Delta's writers do. */
export const CHECKPOINT_INTERVAL = 100;

/**
 * Actions of one file of a checkpoint; a larger one has several, as Delta allows. Encoding a file
 * holds the event loop up, and takes several times its size in memory.
 */
export const CHECKPOINT_PART_ACTIONS = 10_000;

/** How long a removed file stays for readers that began before its removal. */
export const REMOVED_FILE_AGE_MS = 24 * 60 * 60 * 1000;

/** What helps when a commit in the middle of a log is lost. */
const RESTORE = "Put the file back from a copy of the table, or use another OUTPUT_PATH.";

/** What helps when the newest commit is damaged. */
const UNDO = "It is the newest one: when it is deleted, the sink goes on from the commit before " +
  "it and stores the same ledgers again.";

const COMMIT_NAME = /^(\d{20})\.json$/;
/** One file, or one part of several: version, part, parts. */
const CHECKPOINT_NAME = /^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet$/;
const TEMPORARY_NAME = /^\..*\.tmp$/;

/** A checkpoint: the version that it stands for, and the names of its files. */
interface CheckpointFiles {
  readonly version: number;
  readonly files: readonly string[];
}

/** The log of one table: its commits, one file each, and the checkpoints beside them. */
export class DeltaLog {
  /** The newest checkpoint that was read or written. */
  #checkpoint: CheckpointFiles | undefined;

  private constructor(
    private readonly storage: Storage,
    /** Folder of the log. */
    private readonly folder: string,
    private readonly now: () => number,
    /** What the log says. */
    readonly snapshot: Snapshot,
    private readonly partActions: number,
    checkpoint: CheckpointFiles | undefined,
  ) {
    this.#checkpoint = checkpoint;
  }

  /**
   * Reads a log. `now` gives milliseconds. Throws LogError when a commit is damaged or missing; a
   * damaged checkpoint is passed over for an earlier one, or for the commits from the first on.
   * `partActions` are the actions of one file of a checkpoint.
   */
  static async open(
    storage: Storage,
    folder: string,
    now: () => number,
    partActions = CHECKPOINT_PART_ACTIONS,
  ): Promise<DeltaLog> {
    const names = (await storage.list(folder)).map((entry) => entry.name);
    const versions = names.flatMap((name) => COMMIT_NAME.exec(name)?.[1] ?? []).map(Number);
    // The folder is listed anyway, so that `_last_checkpoint`, a hint for other readers, is not
    // needed here and its damage does no harm.
    const checkpoint = await readCheckpoint(storage, folder, names);
    const snapshot = checkpoint?.snapshot ?? new Snapshot();
    versions.sort((a, b) => a - b);
    for (const version of versions) {
      if (version <= snapshot.version) continue;
      if (version !== snapshot.version + 1) {
        throw new LogError(
          "MISSING_VERSION",
          `"${folder}" has commit ${version} but not commit ${snapshot.version + 1}. ${RESTORE}`,
        );
      }
      const path = joinPath(folder, commitName(version));
      try {
        snapshot.applyCommit(version, new TextDecoder().decode(await storage.read(path)));
      } catch (error) {
        if (!(error instanceof LogError)) throw error;
        const help = error.code !== "DAMAGED" ? "" : version === versions.at(-1) ? UNDO : RESTORE;
        throw new LogError(error.code, `"${path}": ${error.message} ${help}`.trimEnd(), {
          cause: error,
        });
      }
    }
    return new DeltaLog(storage, folder, now, snapshot, partActions, checkpoint);
  }

  /** Deletes what an interrupted commit left behind. Only for the holder of the lock. */
  async clean(): Promise<void> {
    for (const { name } of await this.storage.list(this.folder)) {
      if (TEMPORARY_NAME.test(name)) await this.storage.remove(joinPath(this.folder, name));
    }
  }

  /**
   * Writes the next version: complete and durable when this resolves, or not there at all. Throws
   * LogError `CONFLICT` when another writer has written that version.
   */
  async commit(actions: readonly Action[]): Promise<void> {
    const version = this.snapshot.version + 1;
    if (version === 0) await this.storage.makeFolder(this.folder);
    const text = actions.map((action) => JSON.stringify(action) + "\n").join("");
    const name = commitName(version);
    const temporary = await this.#writeTemporary(name, new TextEncoder().encode(text));
    try {
      // A link is refused when the name is taken, unlike a rename: two writers cannot both win.
      await this.storage.link(temporary, joinPath(this.folder, name));
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== "EXISTS") throw error;
      throw new LogError(
        "CONFLICT",
        `"${joinPath(this.folder, name)}" was written by another program; only one may write.`,
        { cause: error },
      );
    }
    await this.storage.syncFolder(this.folder);
    await this.storage.remove(temporary);
    for (const action of actions) this.snapshot.apply(action);
    this.snapshot.version = version;
    if (version > 0 && version % CHECKPOINT_INTERVAL === 0) await this.checkpoint();
  }

  /** Writes a checkpoint of the present version, and the hint that leads readers to it. */
  async checkpoint(): Promise<void> {
    const { snapshot } = this;
    const removedSince = this.now() - REMOVED_FILE_AGE_MS;
    const size = checkpointSize(snapshot, removedSince);
    const parts = Math.ceil(size / this.partActions);
    const wasm = await loadParquetWasm();
    const actions = checkpointActions(snapshot, removedSince, this.#statistics(wasm));
    const files: string[] = [];
    for (let part = 1; part <= parts; part++) {
      const bytes = await encodeCheckpoint(wasm, actions, this.partActions);
      files.push(checkpointName(snapshot.version, part, parts));
      await this.#replace(files.at(-1)!, bytes);
    }
    this.#checkpoint = { version: snapshot.version, files };
    const hint = JSON.stringify({
      version: snapshot.version,
      size,
      ...(parts > 1 ? { parts } : {}),
    });
    await this.#replace("_last_checkpoint", new TextEncoder().encode(hint));
  }

  /** Statistics of the live files: of the commits from the newest to the checkpoint, and its own. */
  async *#statistics(wasm: ParquetWasm): FileStatistics {
    const { storage, folder, snapshot } = this;
    const { version: from, files } = this.#checkpoint ?? { version: -1, files: [] };
    for (let version = snapshot.version; version > from; version--) {
      const bytes = await readIfThere(storage, joinPath(folder, commitName(version)));
      if (bytes === undefined) continue;
      const actions = parseCommit(version, new TextDecoder().decode(bytes));
      for (const action of actions.reverse()) {
        if ("add" in action) yield [action.add.path, action.add.stats];
      }
    }
    for (const file of files) {
      const bytes = await readIfThere(storage, joinPath(folder, file));
      if (bytes !== undefined) yield* checkpointStatistics(wasm, bytes);
    }
  }

  /** Removed files that are old enough to be deleted, or all; they leave the snapshot. */
  forgetRemoved(ofAnyAge = false): string[] {
    const limit = ofAnyAge ? Infinity : this.now() - REMOVED_FILE_AGE_MS;
    const old = [...this.snapshot.removed.values()]
      .filter((remove) => remove.deletionTimestamp < limit)
      .map((remove) => remove.path);
    for (const path of old) this.snapshot.removed.delete(path);
    return old;
  }

  async #replace(name: string, bytes: Uint8Array): Promise<void> {
    const temporary = await this.#writeTemporary(name, bytes);
    await this.storage.rename(temporary, joinPath(this.folder, name));
    await this.storage.syncFolder(this.folder);
  }

  async #writeTemporary(name: string, bytes: Uint8Array): Promise<string> {
    const path = joinPath(this.folder, `.${name}.tmp`);
    await writeDurably(this.storage, path, bytes);
    return path;
  }
}

/** Writes and syncs a new file; the folder is still to be synced. */
export async function writeDurably(
  storage: Storage,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const file = await storage.createNew(path);
  try {
    await file.write(bytes);
    await file.sync();
  } finally {
    file.close();
  }
}

/** 20 digits, so that names sort by version. */
function versionText(version: number): string {
  return String(version).padStart(20, "0");
}

function commitName(version: number): string {
  return `${versionText(version)}.json`;
}

function checkpointName(version: number, part: number, parts: number): string {
  const digits = (n: number) => String(n).padStart(10, "0");
  const which = parts === 1 ? "" : `.${digits(part)}.${digits(parts)}`;
  return `${versionText(version)}.checkpoint${which}.parquet`;
}

/** The newest checkpoint that is whole, undefined when there is none. */
async function readCheckpoint(
  storage: Storage,
  folder: string,
  names: readonly string[],
): Promise<(CheckpointFiles & { snapshot: Snapshot }) | undefined> {
  const found = new Map<string, { version: number; parts: number }>();
  for (const name of names) {
    const [, version, , parts = "1"] = CHECKPOINT_NAME.exec(name) ?? [];
    if (version === undefined) continue;
    found.set(`${version}.${parts}`, { version: Number(version), parts: Number(parts) });
  }
  for (const { version, parts } of [...found.values()].sort((a, b) => b.version - a.version)) {
    const files = Array.from({ length: parts }, (_, i) => checkpointName(version, i + 1, parts));
    // Parts may be missing after a crash in the middle of writing them.
    if (!files.every((file) => names.includes(file))) continue;
    try {
      const contents = read(storage, folder, files);
      const snapshot = await decodeCheckpoint(await loadParquetWasm(), contents, version);
      return { version, files, snapshot };
    } catch (error) {
      if (!(error instanceof LogError) || error.code !== "DAMAGED") throw error;
    }
  }
  return undefined;
}

async function readIfThere(storage: Storage, path: string): Promise<Uint8Array | undefined> {
  try {
    return await storage.read(path);
  } catch (error) {
    if (error instanceof StorageError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}

/** The contents of files, one after the other. */
async function* read(storage: Storage, folder: string, files: readonly string[]) {
  for (const file of files) yield await storage.read(joinPath(folder, file));
}
