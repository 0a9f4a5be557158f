import { join } from "@std/path";
import { encodeBatch } from "./batch_file.ts";
import { BatchLayout } from "./batch_layout.ts";
import {
  formatLakeConfig,
  LAKE_CONFIG_NAME,
  type LakeConfig,
  parseLakeConfig,
} from "./lake_config.ts";
import { LakeError } from "./lake_error.ts";

/** What Galexie writes by default, and what the public lakes have. */
const DEFAULT_LEDGERS_PER_BATCH = 1;
const DEFAULT_BATCHES_PER_PARTITION = 64_000;

/** The genesis ledger is in no lake, so that the batch 0-63 holds 2 to 63. */
const FIRST_LEDGER = 2;

/** Begin of the names under which files are written before they are whole. */
const PARTIAL_PREFIX = ".partial-";
/** A partial file older than this was left by a process that is gone; a younger one may be in use. */
const PARTIAL_MAX_AGE_MS = 60 * 60 * 1000;

/**
 * Writes a lake on the local file system (SEP-54), batch by batch.
 *
 * A batch file appears whole or not at all: it is written under another name, synced, renamed,
 * and its folder synced.
 */
export class LakeWriter {
  /** The lake's folder. */
  readonly dir: string;
  /** What its `.config.json` says. */
  readonly config: LakeConfig;
  /** Where batches lie. */
  readonly layout: BatchLayout;

  private constructor(dir: string, config: LakeConfig) {
    this.dir = dir;
    this.config = config;
    this.layout = new BatchLayout(config);
  }

  /**
   * Creates a lake in `dir`, or goes on with the one that is there.
   * Throws LakeError: `config` when the lake there has another passphrase or other sizes, `io`
   * when the folder cannot be written.
   */
  static async open(
    dir: string,
    options: {
      readonly networkPassphrase: string;
      readonly ledgersPerBatch?: number;
      readonly batchesPerPartition?: number;
    },
  ): Promise<LakeWriter> {
    const text = formatLakeConfig({
      networkPassphrase: options.networkPassphrase,
      ledgersPerBatch: options.ledgersPerBatch ?? DEFAULT_LEDGERS_PER_BATCH,
      batchesPerPartition: options.batchesPerPartition ?? DEFAULT_BATCHES_PER_PARTITION,
    });
    const path = join(dir, LAKE_CONFIG_NAME);
    const config = parseLakeConfig(text, "The new lake's description");
    try {
      await Deno.mkdir(dir, { recursive: true });
      const present = await readTextIfThere(path);
      if (present === undefined) {
        await writeWhole(dir, path, new TextEncoder().encode(text));
      } else {
        refuseOther(parseLakeConfig(present, path), config, path);
      }
      await removeLeftOvers(dir);
    } catch (cause) {
      throw writeError(dir, cause);
    }
    return new LakeWriter(dir, config);
  }

  /**
   * Writes the batch that begins with `startSequence`: consecutive LedgerCloseMeta XDRs that fill
   * it. A file of the same name is replaced.
   * Throws LakeError: `batch` when they do not fill exactly one batch or are not consecutive,
   * `io` when the file cannot be written.
   */
  async writeBatch(startSequence: number, ledgers: readonly Uint8Array[]): Promise<void> {
    const batch = this.layout.batchAt(startSequence);
    const first = Math.max(FIRST_LEDGER, batch.startSequence);
    const due = batch.endSequence - first + 1;
    if (startSequence !== first || ledgers.length !== due) {
      throw new LakeError(
        "batch",
        `${ledgers.length} ledgers from ${startSequence} on are not a batch of this lake: ` +
          `${batch.key} holds ${due} from ${first} on.`,
        { sequence: startSequence },
      );
    }
    const file = encodeBatch(startSequence, ledgers);
    const path = join(this.dir, batch.key);
    try {
      await Deno.mkdir(join(this.dir, this.layout.partitionAt(startSequence)), {
        recursive: true,
      });
      await writeWhole(this.dir, path, file);
    } catch (cause) {
      throw writeError(path, cause);
    }
  }
}

async function writeWhole(dir: string, path: string, bytes: Uint8Array): Promise<void> {
  const partial = join(dir, `${PARTIAL_PREFIX}${crypto.randomUUID()}`);
  try {
    using file = await Deno.open(partial, { write: true, createNew: true });
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    await file.sync();
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  }
  await Deno.rename(partial, path);
  using folder = await Deno.open(join(path, ".."));
  await folder.sync();
}

async function removeLeftOvers(dir: string): Promise<void> {
  for await (const entry of Deno.readDir(dir)) {
    if (!entry.name.startsWith(PARTIAL_PREFIX)) continue;
    const path = join(dir, entry.name);
    const modified = (await Deno.stat(path)).mtime?.getTime() ?? 0;
    if (Date.now() - modified > PARTIAL_MAX_AGE_MS) await Deno.remove(path);
  }
}

async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function refuseOther(present: LakeConfig, wanted: LakeConfig, path: string): void {
  for (const name of ["networkPassphrase", "ledgersPerBatch", "batchesPerPartition"] as const) {
    if (present[name] !== wanted[name]) {
      throw new LakeError(
        "config",
        `The lake of ${path} has ${name} "${present[name]}", not "${wanted[name]}": ` +
          "write to another folder.",
      );
    }
  }
}

function writeError(path: string, cause: unknown): unknown {
  if (cause instanceof LakeError || !(cause instanceof Error)) return cause;
  return new LakeError("io", `Cannot write ${path}: ${cause.message}.`, { cause });
}
