import { EntryType, type LedgerEntry } from "./ledger_entry.ts";
import { writeLedgerEntry, writeLedgerKey } from "./entry_writer.ts";
import { XdrWriter } from "./xdr_writer.ts";

/** LedgerEntryChangeType of the protocol. */
const CREATED = 0, UPDATED = 1, REMOVED = 2, STATE = 3, RESTORED = 4;

/**
 * Notes what one operation (or one fee step) does to ledger entries and writes it as
 * LedgerEntryChanges: for each entry its image before, and its image after or its removal.
 * Whoever changes an entry calls `touch` first.
 */
export class EntryChanges {
  readonly #entries: LedgerEntry[] = [];
  /** What the entry's last change will be. */
  readonly #kinds: number[] = [];
  /** What its image before is written as; CREATED where there is none. */
  readonly #images: number[] = [];
  /** The images before, one after the other; #starts[i] is where entry i's begins. */
  readonly #before = new XdrWriter();
  readonly #starts: number[] = [];
  /** Decides which extensions the images have. */
  readonly protocol: number;

  constructor(protocol: number) {
    this.protocol = protocol;
  }

  /** Keeps the image of an entry that is about to be changed. */
  touch(entry: LedgerEntry): void {
    const at = this.#entries.indexOf(entry);
    if (at < 0) {
      this.#note(entry, UPDATED, STATE);
      writeLedgerEntry(this.#before, entry, this.protocol);
    } else if (this.#kinds[at] === RESTORED) this.#kinds[at] = UPDATED;
  }

  /** Notes that an archived entry is back, as it is now (CAP-66); a `touch` may follow. */
  restore(entry: LedgerEntry, ledger: number): void {
    entry.modified = ledger;
    this.#note(entry, RESTORED, RESTORED);
    writeLedgerEntry(this.#before, entry, this.protocol);
  }

  /** Positions, among the keys that `writeKeys` writes, of the entries that were restored. */
  get restoredKeys(): number[] {
    const positions: number[] = [];
    let position = 0;
    this.#entries.forEach((entry, i) => {
      if (entry.type === EntryType.ttl) return;
      if (this.#images[i] === RESTORED) positions.push(position);
      position++;
    });
    return positions;
  }

  /** Notes a new entry. */
  create(entry: LedgerEntry): void {
    this.#note(entry, CREATED, CREATED);
  }

  /** Notes that an entry ceases to be. */
  remove(entry: LedgerEntry): void {
    this.touch(entry);
    const at = this.#entries.indexOf(entry);
    if (this.#kinds[at] === CREATED) {
      throw new Error(`An entry of type ${entry.type} was made and removed by one operation`);
    }
    this.#kinds[at] = REMOVED;
  }

  /** True when nothing was noted since the last `write`. */
  get empty(): boolean {
    return this.#entries.length === 0;
  }

  /** Writes the LedgerEntryChanges, stamps the entries with `ledger` and starts anew. */
  write(out: XdrWriter, ledger: number): void {
    const lengthAt = out.length;
    out.word(0);
    const count = this.appendTo(out, ledger);
    out.patchWord(lengthAt, count);
  }

  /** The same without the array's length in front; returns how many changes were written. */
  appendTo(out: XdrWriter, ledger: number): number {
    const entries = this.#entries, starts = this.#starts;
    let count = 0;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!, kind = this.#kinds[i]!;
      const image = this.#images[i]!;
      if (image !== CREATED) {
        out.word(image).raw(this.#before.bytes, starts[i]!, starts[i + 1] ?? this.#before.length);
        count++;
      }
      if (kind === RESTORED) continue;
      out.word(kind);
      if (kind === REMOVED) writeLedgerKey(out, entry);
      else {
        entry.modified = ledger;
        writeLedgerEntry(out, entry, this.protocol);
      }
      count++;
    }
    entries.length = 0;
    this.#kinds.length = this.#images.length = 0;
    starts.length = 0;
    this.#before.clear();
    return count;
  }

  /** Writes the keys of the entries noted, without lifetimes: what a Soroban footprint names. */
  writeKeys(out: XdrWriter): void {
    const entries = this.#entries.filter((entry) => entry.type !== EntryType.ttl);
    out.word(entries.length);
    for (const entry of entries) writeLedgerKey(out, entry);
  }

  #note(entry: LedgerEntry, kind: number, image: number): void {
    this.#entries.push(entry);
    this.#kinds.push(kind);
    this.#images.push(image);
    this.#starts.push(this.#before.length);
  }
}
