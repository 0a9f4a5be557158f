import {
  decodeBatch,
  decompressZstd,
  isZstd,
  LAKE_CONFIG_NAME,
  LakeError,
  MAX_BATCH_BYTES,
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
/** Largest file taken: a batch that does not compress at all. */
const MAX_FILE_BYTES = MAX_BATCH_BYTES;

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

/** Reads a file, or standard input for `-`. Throws RangeError when it is larger than any batch may be. */
export async function readLedgerFile(path: string): Promise<LedgerFile> {
  if (path === "-") return { path, bytes: await readAll(Deno.stdin.readable) };
  checkSize((await Deno.stat(path)).size);
  return { path, bytes: await Deno.readFile(path) };
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    checkSize(size);
    parts.push(part as Uint8Array<ArrayBuffer>);
  }
  return await new Blob(parts).bytes();
}

function checkSize(size: number): void {
  if (size <= MAX_FILE_BYTES) return;
  throw new RangeError(`more than ${MAX_FILE_BYTES} bytes, which no file of ledgers has`);
}

/**
 * The network of the lake that a file lies in, by the lake's description: in the folder of a file with a
 * SEP-54 name, or in the folder above its partition. Any other `.config.json` is somebody else's.
 */
export async function lakePassphrase(file: string): Promise<string | undefined> {
  if (batchStart(file) === undefined) return undefined;
  const folder = file.slice(0, Math.max(0, file.lastIndexOf("/"))) || ".";
  return await describedPassphrase(folder) ?? await describedPassphrase(`${folder}/..`);
}

async function describedPassphrase(folder: string): Promise<string | undefined> {
  const file = `${folder}/${LAKE_CONFIG_NAME}`;
  try {
    return parseLakeConfig(await Deno.readTextFile(file), file).networkPassphrase;
  } catch (error) {
    const none = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory || error instanceof LakeError;
    if (none) return undefined;
    throw error;
  }
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
