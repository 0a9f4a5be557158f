import type { LedgerRow } from "../../../arrow/mod.ts";
import type { FlightBatch } from "../../../flight/mod.ts";
import {
  appendArrow,
  appendLedgerRow,
  LEDGER_FIELDS,
  RowBatch,
  RowsError,
  TTP_EVENT_FIELDS,
} from "../rows/mod.ts";
import { type LedgerUnit, SequenceError } from "./ledger_sequence.ts";

/** The rows of whole ledgers, in order. */
export interface UnitRows {
  readonly events: RowBatch;
  readonly ledgers: RowBatch;
  /** Rows of `events` that belong to ledger `first + i` are [starts[i], starts[i + 1]). */
  readonly starts: readonly number[];
  /** The same for `ledgers`: a ledger has one row, or none when it is known to be absent. */
  readonly ledgerStarts: readonly number[];
  /** The facts of `ledgers`, in order. */
  readonly facts: readonly LedgerRow[];
}

/**
 * Reads the rows of whole ledgers and checks what they say: rows in order of their ledgers, one
 * `ledger` row for each ledger that the source has, events in the mode of the table. The batches
 * it fills are reused: the rows are valid until the next call.
 */
export class UnitReader {
  readonly #events = new RowBatch(TTP_EVENT_FIELDS);
  readonly #ledgers = new RowBatch(LEDGER_FIELDS);
  /**
   * Ranges of ledgers that the source has named as missing or in quarantine. The processor names
   * them on the first batch that it makes of one of the source's, so they may be still to come.
   */
  #absent: (readonly [number, number])[] = [];

  /** Throws RowsError or SequenceError naming the ledger. */
  read(unit: LedgerUnit, eventsMode: string | undefined): UnitRows {
    this.#events.clear();
    this.#ledgers.clear();
    for (const { batch } of unit.batches) if (batch.numRows > 0) appendArrow(this.#events, batch);
    const starts = this.#starts(unit);
    this.#checkMode(eventsMode);
    const facts = ledgerFacts(unit);
    this.#absent = [
      ...this.#absent.filter(([, last]) => last >= unit.first),
      ...unit.batches.flatMap(({ metadata }) => absentLedgers(metadata)),
    ];
    const ledgerStarts = [0];
    const taken: LedgerRow[] = [];
    for (let ledger = unit.first; ledger <= unit.last; ledger++) {
      const i = ledger - unit.first;
      const events = starts[i + 1]! - starts[i]!;
      const row = facts.get(ledger);
      if (row === undefined && events === 0 && this.#isAbsent(ledger)) {
        ledgerStarts.push(taken.length);
        continue;
      }
      if (row === undefined) {
        throw new SequenceError(
          "BAD_BATCH",
          `The batch of ledgers ${unit.first} to ${unit.last} must have a row for each in ` +
            `"ledgers": it has none for ledger ${ledger}.`,
        );
      }
      appendLedgerRow(this.#ledgers, row, events);
      taken.push(row);
      ledgerStarts.push(taken.length);
    }
    return { events: this.#events, ledgers: this.#ledgers, starts, ledgerStarts, facts: taken };
  }

  /** Mode of the first row of the last read, undefined when it had none. */
  get firstMode(): string | undefined {
    return this.#events.rows === 0 ? undefined : this.#events.text("derived_from").textAt(0);
  }

  #isAbsent(ledger: number): boolean {
    return this.#absent.some(([first, last]) => first <= ledger && ledger <= last);
  }

  #starts(unit: LedgerUnit): number[] {
    const sequence = this.#events.fixed("ledger_sequence");
    const starts: number[] = [];
    let ledger = unit.first - 1;
    for (let row = 0; row < sequence.length; row++) {
      const of = sequence.numberAt(row);
      if (of < ledger || of < unit.first || of > unit.last) {
        throw new RowsError(
          `Row ${row} of the batch of ledgers ${unit.first} to ${unit.last} is of ledger ${of}: ` +
            `rows must be of these ledgers, in their order.`,
        );
      }
      for (; ledger < of; ledger++) starts.push(row);
    }
    for (; ledger <= unit.last; ledger++) starts.push(sequence.length);
    return starts;
  }

  #checkMode(eventsMode: string | undefined): void {
    if (eventsMode === undefined) return;
    const column = this.#events.text("derived_from");
    const size = eventsMode.length;
    for (let row = 0; row < column.length; row++) {
      // The modes differ in their length, which is cheaper to compare than their text.
      if (column.offsets[row + 1]! - column.offsets[row]! === size) continue;
      throw new RowsError(
        `The table holds ${eventsMode} events: ledger ` +
          `${this.#events.fixed("ledger_sequence").numberAt(row)} came with ` +
          `${column.textAt(row)} ones. Set EVENTS_MODE of the processor to ${eventsMode}.`,
      );
    }
  }
}

function ledgerFacts(unit: LedgerUnit): Map<number, LedgerRow> {
  const facts = new Map<number, LedgerRow>();
  for (const { metadata } of unit.batches) {
    for (const row of metadata.ledgers ?? []) facts.set(row.sequence, row);
  }
  return facts;
}

/** Ledgers that the source says it lacks (`missing`, ranges) or cannot give (`quarantined`). */
function absentLedgers(metadata: FlightBatch["metadata"]): [number, number][] {
  const { missing, quarantined } = metadata;
  const ranges: [number, number][] = [];
  for (const range of Array.isArray(missing) ? missing : []) {
    if (Array.isArray(range)) ranges.push([Number(range[0]), Number(range[1])]);
  }
  for (const ledger of Array.isArray(quarantined) ? quarantined : []) {
    ranges.push([Number(ledger), Number(ledger)]);
  }
  return ranges;
}
