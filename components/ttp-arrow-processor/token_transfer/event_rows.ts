import type { Amount } from "./amount.ts";

/** Kinds of event, in the order of the `event_type` dictionary. */
export const EventType = { transfer: 0, mint: 1, burn: 2, clawback: 3, fee: 4 } as const;
export const EVENT_TYPE_NAMES = ["transfer", "mint", "burn", "clawback", "fee"] as const;

/** What `to_muxed_id` holds; `none` where an event has none. */
export const MuxedKind = { none: 0, id: 1, text: 2, hash: 3 } as const;

/** Where an event has no such address. */
export const NO_ADDRESS = -1;
/** The operation number of fee events. */
export const NO_OPERATION = -1;

/** Integers of one row; see the slot table of {@linkcode EventRows}. */
const SLOTS = 15;

/**
 * The events of one ledger in emission order, as rows of integers in one typed array.
 *
 * | slot | holds |
 * | --- | --- |
 * | 0 | EventType |
 * | 1 | transaction, from 0, in apply order |
 * | 2 | operation, from 0; -1 for fees |
 * | 3 | position among the events of its operation, or of the transaction itself, from 0 |
 * | 4 | asset number, -1 when none is proven |
 * | 5 | address number of the contract |
 * | 6, 7 | address numbers of from and to, -1 where the kind has no such side |
 * | 8 to 11 | amount, highest word first |
 * | 12 | MuxedKind |
 * | 13, 14 | where the muxed information is in the ledger's bytes: start and length |
 */
export class EventRows {
  length = 0;
  #slots = new Int32Array(1024 * SLOTS);

  /** Appends an event without muxed information and with position 0; returns its row. */
  add(
    type: number,
    transaction: number,
    operation: number,
    asset: number,
    contract: number,
    from: number,
    to: number,
    amount: Amount,
  ): number {
    const row = this.length++;
    let at = row * SLOTS;
    if (at === this.#slots.length) this.#grow();
    const slots = this.#slots;
    slots[at++] = type;
    slots[at++] = transaction;
    slots[at++] = operation;
    slots[at++] = 0;
    slots[at++] = asset;
    slots[at++] = contract;
    slots[at++] = from;
    slots[at++] = to;
    slots[at++] = amount.w3;
    slots[at++] = amount.w2;
    slots[at++] = amount.w1;
    slots[at++] = amount.w0;
    slots[at++] = MuxedKind.none;
    slots[at++] = 0;
    slots[at] = 0;
    return row;
  }

  setMuxed(row: number, kind: number, start: number, length: number): void {
    const at = row * SLOTS + 12;
    this.#slots[at] = kind;
    this.#slots[at + 1] = start;
    this.#slots[at + 2] = length;
  }

  setPosition(row: number, position: number): void {
    this.#slots[row * SLOTS + 3] = position;
  }

  setTypeAndSides(row: number, type: number, from: number, to: number): void {
    const at = row * SLOTS;
    this.#slots[at] = type;
    this.#slots[at + 6] = from;
    this.#slots[at + 7] = to;
  }

  /** Appends a copy of a row of other rows. */
  copy(other: EventRows, row: number): void {
    const at = this.length++ * SLOTS;
    if (at === this.#slots.length) this.#grow();
    const from = row * SLOTS;
    for (let k = 0; k < SLOTS; k++) this.#slots[at + k] = other.#slots[from + k]!;
  }

  /** Moves the last row to `row`; those from there on follow it. */
  moveLastTo(row: number): void {
    const last = (this.length - 1) * SLOTS;
    const moved = this.#slots.slice(last, last + SLOTS);
    this.#slots.copyWithin((row + 1) * SLOTS, row * SLOTS, last);
    this.#slots.set(moved, row * SLOTS);
  }

  clear(): void {
    this.length = 0;
  }

  type(row: number): number {
    return this.#slots[row * SLOTS]!;
  }
  transaction(row: number): number {
    return this.#slots[row * SLOTS + 1]!;
  }
  operation(row: number): number {
    return this.#slots[row * SLOTS + 2]!;
  }
  position(row: number): number {
    return this.#slots[row * SLOTS + 3]!;
  }
  asset(row: number): number {
    return this.#slots[row * SLOTS + 4]!;
  }
  contract(row: number): number {
    return this.#slots[row * SLOTS + 5]!;
  }
  from(row: number): number {
    return this.#slots[row * SLOTS + 6]!;
  }
  to(row: number): number {
    return this.#slots[row * SLOTS + 7]!;
  }
  /** Word `k` of the amount, 3 the highest. */
  amountWord(row: number, k: 0 | 1 | 2 | 3): number {
    return this.#slots[row * SLOTS + 11 - k]!;
  }
  muxedKind(row: number): number {
    return this.#slots[row * SLOTS + 12]!;
  }
  muxedStart(row: number): number {
    return this.#slots[row * SLOTS + 13]!;
  }
  muxedLength(row: number): number {
    return this.#slots[row * SLOTS + 14]!;
  }
  /** Reads a row's amount into `amount`. */
  readAmount(row: number, amount: Amount): Amount {
    const at = row * SLOTS + 8;
    const s = this.#slots;
    return amount.setWords(s[at]!, s[at + 1]!, s[at + 2]!, s[at + 3]!);
  }

  #grow(): void {
    const larger = new Int32Array(this.#slots.length * 2);
    larger.set(this.#slots);
    this.#slots = larger;
  }
}
