import {
  decodeBatch,
  decompressZstd,
  isZstd,
  LAKE_CONFIG_NAME,
  LakeError,
  MAX_LEDGER_BYTES,
  parseBatchName,
  parseLakeConfig,
} from "../../stellar/lake/mod.ts";
import { XdrError } from "../../stellar/mod.ts";

/** A file of ledgers. */
export interface LedgerFile {
  /** Its path, or `-` for standard input. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Extensions of files that are looked at in a folder. */
const LEDGER_EXTENSIONS = [".xdr", ".zst", ".zstd"];
/** Folders above a file in which a lake's description may be: its partition and the lake. */
const LAKE_LEVELS = 2;

/**
 * The files that a path stands for: itself, standard input for `-`, or all ledger files under a folder.
 * Within a folder the files of a lake come in the order of their ledgers, others before them by name.
 *
 * @throws {Error} when a folder holds no ledger files; Deno's errors when the path cannot be read.
 */
export async function ledgerPaths(path: string): Promise<string[]> {
  if (path === "-" || !(await Deno.stat(path)).isDirectory) return [path];
  const found: string[] = [];
  await collect(path.replace(/\/+$/, ""), found);
  if (found.length === 0) {
    throw new Error(`no ledger files (${LEDGER_EXTENSIONS.join(", ")}) in this folder`);
  }
  return found.sort(byLedgerThenName);
}

async function collect(folder: string, found: string[]): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) await collect(path, found);
    else if (LEDGER_EXTENSIONS.some((extension) => entry.name.endsWith(extension))) {
      found.push(path);
    }
  }
}

function byLedgerThenName(a: string, b: string): number {
  const difference = (batchStart(a) ?? -1) - (batchStart(b) ?? -1);
  return difference !== 0 ? difference : a < b ? -1 : a > b ? 1 : 0;
}

/** First ledger by a SEP-54 name. */
function batchStart(path: string): number | undefined {
  return parseBatchName(path.slice(path.lastIndexOf("/") + 1))?.startSequence;
}

/** Reads a file, or standard input for `-`. */
export async function readLedgerFile(path: string): Promise<LedgerFile> {
  const bytes = path === "-"
    ? new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer())
    : await Deno.readFile(path);
  return { path, bytes };
}

/** The passphrase in the description of the lake that a file or folder lies in, if there is one. */
export async function lakePassphrase(path: string): Promise<string | undefined> {
  if (path === "-") return undefined;
  let folder = path;
  for (let level = 0; level <= LAKE_LEVELS; level++) {
    const file = `${folder}/${LAKE_CONFIG_NAME}`;
    try {
      return parseLakeConfig(await Deno.readTextFile(file), file).networkPassphrase;
    } catch (error) {
      const absent = error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotADirectory;
      if (!absent) throw error;
    }
    folder = `${folder}/..`;
  }
  return undefined;
}

/**
 * Reads the LedgerCloseMetas in a file. A batch (SEP-54) is what is named like one or was zstd, anything
 * else is one ledger. When that reading fails, which may show only when its ledgers are read, the other
 * one is tried; when both fail, the error of the first is thrown.
 *
 * `read` must throw XdrError when a ledger is none, and must not keep anything of it then.
 */
export function readLedgers(file: LedgerFile, read: (ledgers: Uint8Array[]) => void): void {
  const isBatch = isZstd(file.bytes) || batchStart(file.path) !== undefined;
  const readings = isBatch ? [batchLedgers, singleLedger] : [singleLedger, batchLedgers];
  try {
    read(readings[0]!(file.bytes));
  } catch (error) {
    if (!isDecodeError(error)) throw error;
    try {
      read(readings[1]!(file.bytes));
    } catch (other) {
      throw isDecodeError(other) ? error : other;
    }
  }
}

function isDecodeError(error: unknown): boolean {
  return error instanceof XdrError || error instanceof LakeError;
}

function batchLedgers(bytes: Uint8Array): Uint8Array[] {
  return decodeBatch(bytes).ledgers;
}

function singleLedger(bytes: Uint8Array): Uint8Array[] {
  return [isZstd(bytes) ? decompressZstd(bytes, MAX_LEDGER_BYTES) : bytes];
}
