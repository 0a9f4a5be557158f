import {
  skipLedgerCloseMeta,
  skipLedgerCloseMetaExt,
  skipStellarValue,
  word,
  XdrError,
  XdrReader,
} from "../xdr/mod.ts";
import type { LedgerRange } from "./batch_layout.ts";
import { LakeError } from "./lake_error.ts";
import { compressZstd, decompressZstd, isZstd } from "./zstd_frame.ts";

/** Largest LedgerCloseMeta accepted, some sixty times the size of today's large ones. */
export const MAX_LEDGER_BYTES = 100 * 1024 * 1024;

/** Largest decompressed batch accepted: a process that reads it stays below 512 MiB. */
export const MAX_BATCH_BYTES = 256 * 1024 * 1024;

/** startSequence, endSequence and the number of ledgers. */
const BATCH_HEADER_BYTES = 12;

/** The ledgers of a batch file. */
export interface LedgerBatch extends LedgerRange {
  /** One LedgerCloseMeta each, as views of the one decompressed buffer. */
  readonly ledgers: Uint8Array[];
}

/** How a batch file is read. */
export interface DecodeBatchOptions {
  /** Refuse a file that is not zstd, as SEP-54 wants. Without it plain XDR is read as well. */
  readonly requireZstd?: boolean;
  /** Largest decompressed size; `MAX_BATCH_BYTES` where it is not given. */
  readonly maxBytes?: number;
}

/**
 * Reads a batch file: zstd, or plain XDR, of one LedgerCloseMetaBatch (SEP-54).
 *
 * Every ledger's sequence must be its place after startSequence, and endSequence the last one's.
 * Where there are several ledgers their XDR is read strictly to find where each ends; a single
 * ledger is what follows the batch's header, and whoever reads it finds out whether it is whole.
 * Throws LakeError (`batch`) that says what is wrong, without naming the file.
 */
export function decodeBatch(file: Uint8Array, options: DecodeBatchOptions = {}): LedgerBatch {
  const maxBytes = options.maxBytes ?? MAX_BATCH_BYTES;
  const xdr = options.requireZstd || isZstd(file) ? decompressZstd(file, maxBytes) : file;
  if (xdr.length > maxBytes) {
    throw new LakeError("batch", `It has ${xdr.length} bytes: at most ${maxBytes} are accepted.`);
  }
  if (xdr.length < BATCH_HEADER_BYTES) {
    throw new LakeError(
      "batch",
      `It holds ${xdr.length} bytes: a batch has a header of ${BATCH_HEADER_BYTES}.`,
    );
  }
  const view = new DataView(xdr.buffer, xdr.byteOffset, xdr.byteLength);
  const startSequence = view.getUint32(0);
  const endSequence = view.getUint32(4);
  const count = view.getUint32(8);
  if (count === 0 || endSequence - startSequence + 1 !== count) {
    throw new LakeError(
      "batch",
      `Its header says ${count} ledgers from ${startSequence} to ${endSequence}.`,
    );
  }
  const ledgers: Uint8Array[] = [];
  const reader = new XdrReader().open(xdr);
  let at = BATCH_HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    const due = startSequence + i;
    try {
      const sequence = sequenceAt(reader, at);
      if (sequence !== due) {
        throw new LakeError("batch", `It holds ledger ${sequence} where ledger ${due} is due.`, {
          sequence: due,
        });
      }
      const end = count === 1 ? xdr.length : skipLedgerCloseMeta(reader, at);
      checkLedgerSize(due, end - at);
      ledgers.push(xdr.subarray(at, end));
      at = end;
    } catch (error) {
      if (!(error instanceof XdrError)) throw error;
      throw new LakeError("batch", `Its ledger ${due} is not whole: ${error.message}.`, {
        cause: error,
        sequence: due,
      });
    }
  }
  if (at !== xdr.length) {
    throw new LakeError(
      "batch",
      `There are ${xdr.length - at} bytes after its last ledger, ${endSequence}.`,
    );
  }
  return { startSequence, endSequence, ledgers };
}

/**
 * The zstd file of a batch of consecutive ledgers, one LedgerCloseMeta each.
 * Throws LakeError (`batch`) when there is none, or one is not the ledger its place says.
 */
export function encodeBatch(startSequence: number, ledgers: readonly Uint8Array[]): Uint8Array {
  const size = ledgers.reduce((sum, ledger) => sum + ledger.length, BATCH_HEADER_BYTES);
  if (ledgers.length === 0 || size > MAX_BATCH_BYTES) {
    throw new LakeError(
      "batch",
      `A batch of ${ledgers.length} ledgers and ${size} bytes cannot be written: ` +
        `it must hold a ledger and have at most ${MAX_BATCH_BYTES} bytes.`,
    );
  }
  const xdr = new Uint8Array(size);
  const view = new DataView(xdr.buffer);
  view.setUint32(0, startSequence);
  view.setUint32(4, startSequence + ledgers.length - 1);
  view.setUint32(8, ledgers.length);
  let at = BATCH_HEADER_BYTES;
  ledgers.forEach((ledger, i) => {
    const sequence = ledgerSequence(ledger);
    if (sequence !== startSequence + i) {
      throw new LakeError(
        "batch",
        `Ledger ${sequence} was given where ledger ${startSequence + i} of a batch is due.`,
        { sequence: startSequence + i },
      );
    }
    checkLedgerSize(sequence, ledger.length);
    xdr.set(ledger, at);
    at += ledger.length;
  });
  return compressZstd(xdr);
}

/** The sequence in a LedgerCloseMeta's header. Throws XdrError when it is too short to have one. */
export function ledgerSequence(ledger: Uint8Array): number {
  return sequenceAt(new XdrReader().open(ledger), 0);
}

/**
 * LedgerCloseMeta: version (4) · in versions 1 and 2 an extension ·
 * LedgerHeaderHistoryEntry: hash (32) · LedgerHeader: ledgerVersion (4) · previousLedgerHash (32) ·
 * scpValue · txSetResultHash (32) · bucketListHash (32) · ledgerSeq (4).
 */
function sequenceAt(reader: XdrReader, at: number): number {
  const version = word(reader, at);
  if (version < 0 || version > 2) {
    throw new XdrError(`${version} is not a version of LedgerCloseMeta`, at);
  }
  at = version === 0 ? at + 4 : skipLedgerCloseMetaExt(reader, at + 4);
  at = skipStellarValue(reader, at + 32 + 4 + 32);
  return word(reader, at + 32 + 32) >>> 0;
}

function checkLedgerSize(sequence: number, size: number): void {
  if (size > MAX_LEDGER_BYTES) {
    throw new LakeError(
      "batch",
      `Ledger ${sequence} has ${size} bytes: at most ${MAX_LEDGER_BYTES} are accepted.`,
      { sequence },
    );
  }
}
