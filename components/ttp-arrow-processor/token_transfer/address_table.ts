import { encodeStrkeyInto, StrkeyVersion } from "../../../stellar/mod.ts";

/** Kinds of address that take part in a token transfer, by the strkey they are shown as. */
export const AddressKind = {
  account: 0,
  muxedAccount: 1,
  contract: 2,
  claimableBalance: 3,
  liquidityPool: 4,
} as const;

const VERSION_OF = [
  StrkeyVersion.account,
  StrkeyVersion.muxedAccount,
  StrkeyVersion.contract,
  StrkeyVersion.claimableBalance,
  StrkeyVersion.liquidityPool,
];

/** Words of a stored key: 32 bytes and the 8 bytes of a muxed account's id. */
const KEY_WORDS = 10;
/** Bytes kept for a text: the longest strkey, rounded up. */
const TEXT_BYTES = 72;
/**
 * Addresses kept before the table is emptied between two ledgers: some hundred ledgers' worth of
 * different addresses, at about 130 bytes each.
 */
export const MAX_ADDRESSES = 1 << 16;
const INITIAL_ADDRESSES = 1 << 12;

/**
 * Addresses by small numbers. The text of an address (base32 with a checksum) is made once, however
 * many events name it; an event holds the number.
 *
 * Numbers are valid until {@linkcode clear}, which only {@linkcode TransferContext} calls, between ledgers.
 */
export class AddressTable {
  /** Number of addresses held; numbers run from 0. */
  size = 0;
  /** Texts, {@linkcode textStart} to {@linkcode textEnd}. */
  text: Uint8Array = new Uint8Array(INITIAL_ADDRESSES * TEXT_BYTES);

  #keys = new Int32Array(INITIAL_ADDRESSES * KEY_WORDS);
  #kinds = new Uint8Array(INITIAL_ADDRESSES);
  #textLengths = new Uint8Array(INITIAL_ADDRESSES);
  /** Open addressing: number + 1, 0 is free. */
  #slots = new Int32Array(INITIAL_ADDRESSES * 4);
  readonly #key = new Int32Array(KEY_WORDS);
  readonly #payload = new DataView(new ArrayBuffer(40));
  readonly #payloadBytes = new Uint8Array(this.#payload.buffer);
  /** Keys come from ledgers: a secret start value keeps anyone from choosing colliding ones. */
  readonly #seed = crypto.getRandomValues(new Int32Array(1))[0]!;

  /** The number of the address of this kind whose 32-byte key is at `p`; not for muxed accounts. */
  intern(kind: number, view: DataView, p: number): number {
    const key = this.#key;
    for (let k = 0; k < 8; k++) key[k] = view.getInt32(p + k * 4);
    key[8] = 0;
    key[9] = 0;
    return this.#find(kind);
  }

  /** The number of the muxed account with the key at `keyAt` and the 64-bit id at `idAt`. */
  internMuxed(view: DataView, keyAt: number, idAt: number): number {
    const key = this.#key;
    for (let k = 0; k < 8; k++) key[k] = view.getInt32(keyAt + k * 4);
    key[8] = view.getInt32(idAt);
    key[9] = view.getInt32(idAt + 4);
    return this.#find(AddressKind.muxedAccount);
  }

  /** The account (G…) behind a muxed account; any other address is returned as it is. */
  accountOf(address: number): number {
    if (this.#kinds[address] !== AddressKind.muxedAccount) return address;
    const key = this.#key;
    for (let k = 0; k < 8; k++) key[k] = this.#keys[address * KEY_WORDS + k]!;
    key[8] = 0;
    key[9] = 0;
    return this.#find(AddressKind.account);
  }

  kind(address: number): number {
    return this.#kinds[address]!;
  }

  textStart(address: number): number {
    return address * TEXT_BYTES;
  }

  textEnd(address: number): number {
    return address * TEXT_BYTES + this.#textLengths[address]!;
  }

  /** Forgets all addresses; their numbers are used anew. */
  clear(): void {
    this.size = 0;
    this.#slots.fill(0);
  }

  #find(kind: number): number {
    const key = this.#key;
    const mask = this.#slots.length - 1;
    let slot = this.#hash(kind) & mask;
    for (;;) {
      const address = this.#slots[slot]! - 1;
      if (address < 0) return this.#insert(kind, slot);
      if (this.#kinds[address] === kind) {
        const at = address * KEY_WORDS;
        let k = 0;
        while (k < KEY_WORDS && this.#keys[at + k] === key[k]) k++;
        if (k === KEY_WORDS) return address;
      }
      slot = (slot + 1) & mask;
    }
  }

  #hash(kind: number): number {
    let h = this.#seed ^ kind;
    for (let k = 0; k < KEY_WORDS; k++) {
      h = Math.imul(h ^ this.#key[k]!, 0x9e3779b1);
      h ^= h >>> 15;
    }
    return h;
  }

  #insert(kind: number, slot: number): number {
    const address = this.size++;
    if (address === this.#kinds.length) this.#grow();
    this.#kinds[address] = kind;
    this.#keys.set(this.#key, address * KEY_WORDS);
    this.#textLengths[address] = this.#writeText(kind, address * TEXT_BYTES);
    if (this.size * 2 > this.#slots.length) this.#rehash();
    else this.#slots[slot] = address + 1;
    return address;
  }

  #writeText(kind: number, at: number): number {
    const payload = this.#payload;
    // A claimable balance's payload starts with its type, the byte 0.
    const first = kind === AddressKind.claimableBalance ? 1 : 0;
    if (first === 1) payload.setUint8(0, 0);
    const words = kind === AddressKind.muxedAccount ? KEY_WORDS : 8;
    for (let k = 0; k < words; k++) payload.setInt32(first + k * 4, this.#key[k]!);
    const end = first + words * 4;
    return encodeStrkeyInto(VERSION_OF[kind]!, this.#payloadBytes, 0, end, this.text, at);
  }

  #grow(): void {
    const capacity = this.#kinds.length * 2;
    this.text = larger(this.text, new Uint8Array(capacity * TEXT_BYTES));
    this.#keys = larger(this.#keys, new Int32Array(capacity * KEY_WORDS));
    this.#kinds = larger(this.#kinds, new Uint8Array(capacity));
    this.#textLengths = larger(this.#textLengths, new Uint8Array(capacity));
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let address = 0; address < this.size; address++) {
      const at = address * KEY_WORDS;
      for (let k = 0; k < KEY_WORDS; k++) this.#key[k] = this.#keys[at + k]!;
      let slot = this.#hash(this.#kinds[address]!) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = address + 1;
    }
  }
}

function larger<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
