import {
  LedgerEntryChangeType,
  skipLedgerEntry,
  skipLedgerKey,
  type XdrReader,
} from "../../../stellar/xdr/mod.ts";

/**
 * Walks a LedgerEntryChange array. `next()` steps to the next change; the fields then tell where its
 * parts are. `before` is the entry of the STATE or RESTORED change right before an UPDATED or REMOVED one,
 * `after` the entry that a CREATED, UPDATED or RESTORED one leaves; -1 where there is none.
 *
 * Positions are those of LedgerEntryData: the entry type, then the entry.
 *
 * ```
 * LedgerEntryChange   type(4) then LedgerEntry (created, updated, state, restored) or LedgerKey (removed)
 * LedgerEntry         lastModifiedLedgerSeq(4) data(type(4) …) ext
 * ```
 */
export class EntryChanges {
  /** LedgerEntryChangeType. */
  type = 0;
  /** LedgerEntryType. */
  entryType = 0;
  /** LedgerEntryData of this change itself; for REMOVED the LedgerKey. */
  data = 0;
  before = -1;
  after = -1;

  #reader: XdrReader | undefined;
  #next = 0;
  #left = 0;
  #previousData = -1;

  /** Starts over at the array at `p`; -1 stands for an empty one. */
  open(reader: XdrReader, p: number): this {
    this.#reader = reader;
    this.#previousData = -1;
    this.#left = p < 0 ? 0 : reader.view.getUint32(p);
    this.#next = p + 4;
    return this;
  }

  /** Steps to the next change; false when there is none. */
  next(): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    const reader = this.#reader!;
    const { view } = reader;
    this.type = view.getInt32(this.#next);
    const removed = this.type === LedgerEntryChangeType.removed;
    this.data = this.#next + (removed ? 4 : 8);
    this.entryType = view.getInt32(this.data);
    this.#next = removed
      ? skipLedgerKey(reader, this.#next + 4)
      : skipLedgerEntry(reader, this.#next + 4);
    const isState = this.type === LedgerEntryChangeType.state;
    const hasBefore = removed || this.type === LedgerEntryChangeType.updated;
    this.before = hasBefore ? this.#previousData : -1;
    this.after = removed || isState ? -1 : this.data;
    const isPreimage = isState || this.type === LedgerEntryChangeType.restored;
    this.#previousData = isPreimage ? this.data : -1;
    return true;
  }

  /** Whether an UPDATED or REMOVED change stands without the state before it. */
  get isOrphan(): boolean {
    return this.before < 0 &&
      (this.type === LedgerEntryChangeType.updated || this.type === LedgerEntryChangeType.removed);
  }
}
