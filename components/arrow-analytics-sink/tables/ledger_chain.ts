import type { LedgerRow } from "../../../arrow/mod.ts";
import { decodePath } from "../delta/mod.ts";
import { joinPath } from "../storage/mod.ts";
import { OutputFileError } from "../writers/mod.ts";
import { ledgersOf } from "./file_name.ts";
import { SequenceError } from "./ledger_sequence.ts";
import type { OutputTable } from "./output_table.ts";

/**
 * Holds every ledger against the one before it: `previous_hash` must be that one's `hash`. The
 * source checks its own stream; only the table knows what it holds from earlier runs, so that two
 * chains could otherwise be joined where one run ends and the next begins.
 *
 * A ledger after one that is known to be absent has nothing to be held against.
 */
export class LedgerChain {
  /** Hashes by ledger: of committed rows that ledgers to come must fit, and of the last one. */
  readonly #hashes = new Map<number, string>();

  constructor(
    /** OUTPUT_PATH, for messages. */
    private readonly path: string,
    committed: ReadonlyMap<number, string> = new Map(),
  ) {
    for (const [ledger, hash] of committed) this.#hashes.set(ledger, hash);
  }

  /**
   * Checks the rows of the ledgers [first, last] in order, then remembers the last one. Throws
   * SequenceError `CHAIN` naming both ledgers and hashes; then nothing is remembered.
   */
  follow(rows: readonly LedgerRow[], last: number): void {
    let before: LedgerRow | undefined;
    for (const row of rows) {
      this.#check(row, before);
      before = row;
    }
    for (const ledger of this.#hashes.keys()) if (ledger <= last) this.#hashes.delete(ledger);
    if (before?.sequence === last) this.#hashes.set(last, before.hash);
  }

  #check(row: LedgerRow, before: LedgerRow | undefined): void {
    const { sequence } = row;
    const previous = before?.sequence === sequence - 1
      ? before.hash
      : this.#hashes.get(sequence - 1);
    if (previous !== undefined && previous !== row.previous_hash) {
      throw this.#error(
        `Ledger ${sequence} names ${row.previous_hash} as the hash of the ledger before it: ` +
          `ledger ${sequence - 1} has the hash ${previous}.`,
      );
    }
    const stored = this.#hashes.get(sequence);
    if (stored !== undefined && stored !== row.hash) {
      throw this.#error(
        `Ledger ${sequence} came with the hash ${row.hash}: it is stored with the hash ${stored}.`,
      );
    }
  }

  #error(what: string): SequenceError {
    return new SequenceError(
      "CHAIN",
      `${what} They are of different chains. Use the source that "${this.path}" was written from, ` +
        `or another OUTPUT_PATH for this one.`,
    );
  }
}

/**
 * Hashes of the committed ledgers that those from `next` on must fit: of the one before it, and of
 * the last one of the table that is ahead, up to which ledgers come again.
 */
export async function committedHashes(
  tables: readonly OutputTable[],
  next: number | undefined,
): Promise<Map<number, string>> {
  const hashes = new Map<number, string>();
  const ahead = tables.reduce((a, b) => (b.cursor ?? -1) > (a.cursor ?? -1) ? b : a);
  for (const ledger of new Set([next === undefined ? undefined : next - 1, ahead.cursor])) {
    const hash = ledger === undefined ? undefined : await committedHash(ahead, ledger);
    if (hash !== undefined) hashes.set(ledger!, hash);
  }
  return hashes;
}

/** Hash of a committed row of a `ledger` table; undefined when it has no row of that ledger. */
async function committedHash(
  table: OutputTable,
  ledger: number,
): Promise<string | undefined> {
  const { storage, folder, writer, schema } = table.options;
  for (const add of table.log.snapshot.files.values()) {
    const span = ledgersOf(add.path) ?? sequencesOf(add.stats);
    if (span === undefined || ledger < span.first || ledger > span.last) continue;
    const path = joinPath(folder, decodePath(add.path));
    try {
      const rows = writer.readTexts(await storage.read(path), schema.fields, ["sequence", "hash"]);
      const row = rows.find(([sequence]) => sequence === String(ledger));
      if (row !== undefined) return row[1];
    } catch (error) {
      if (!(error instanceof OutputFileError)) throw error;
      throw new OutputFileError(`"${path}": ${error.message}`, { cause: error });
    }
  }
  return undefined;
}

/** Ledgers of a file that another program has rewritten, by its statistics. */
function sequencesOf(stats: string): { first: number; last: number } | undefined {
  const bound = (name: string) =>
    new RegExp(`"${name}":\\{(?:[^}]*,)?"sequence":(\\d+)`).exec(stats)?.[1];
  const [first, last] = [bound("minValues"), bound("maxValues")];
  if (first === undefined || last === undefined) return undefined;
  return { first: Number(first), last: Number(last) };
}
