import { AssetError, assetXdr, parseAsset, sacContractId } from "../../../stellar/mod.ts";
import { AssetType } from "../../../stellar/xdr/mod.ts";
import { AddressKind, type AddressTable } from "./address_table.ts";

/** The native asset's number in every table. */
export const NATIVE_ASSET = 0;
/** Where an event has no proven asset. */
export const NO_ASSET = -1;

/** Words of a stored asset: type, 12 bytes of code, 32 bytes of issuer key. */
const KEY_WORDS = 12;
/** Assets kept before the tables are emptied between two ledgers. */
export const MAX_ASSETS = 1 << 14;
const INITIAL_SLOTS = 1 << 10;
const COLON = 0x3a;
const NOTHING = new Uint8Array(0);
/** `CODE:ISSUER` with codes of 1 and of 12 characters and an issuer of 56. */
const MIN_ISSUED_LENGTH = 58;
const MAX_TEXT_LENGTH = 69;
const NATIVE_TEXT = new TextEncoder().encode("native");

/** What is known of one asset; made once, read for each of its events. */
export interface AssetFacts {
  /** The issuer's address, -1 for the native asset. */
  readonly issuer: number;
  /** Address of the asset's contract (SAC) on this network. */
  readonly contract: number;
  /** The SEP-11 text, `native` or `CODE:ISSUER`, is `text[textStart, textEnd)` of the table (UTF-8). */
  readonly textStart: number;
  readonly textEnd: number;
  /** The code is `text[textStart, codeEnd)`; empty for the native asset. */
  readonly codeEnd: number;
}

/**
 * Assets by small numbers, from their XDR or from the text that a contract event states.
 * Numbers and addresses are valid until {@linkcode clear}.
 */
export class AssetTable {
  readonly facts: AssetFacts[] = [];
  /** Texts of all assets, end to end: one buffer, because columns copy from one source faster. */
  text: Uint8Array = new Uint8Array(1 << 14);
  #textLength = 0;
  #keys = new Int32Array(256 * KEY_WORDS);
  #slots = new Int32Array(INITIAL_SLOTS);
  /** Asset whose contract an address is, by address number; 0 is unknown, else the asset + 1. */
  #assetOfContract = new Int32Array(1 << 12);
  readonly #key = new Int32Array(KEY_WORDS);
  /** As in the table of addresses: keeps anyone from choosing keys that collide. */
  readonly #seed = crypto.getRandomValues(new Int32Array(1))[0]!;

  constructor(readonly networkId: Uint8Array, readonly addresses: AddressTable) {
    this.#addNative();
  }

  get size(): number {
    return this.facts.length;
  }

  /** The number of the asset whose XDR (Asset) is at `p`. */
  intern(bytes: Uint8Array, view: DataView, p: number): number {
    const type = view.getInt32(p);
    if (type === AssetType.native) return NATIVE_ASSET;
    const codeWords = type === AssetType.creditAlphanum4 ? 1 : 3;
    const key = this.#key;
    key[0] = type;
    key[2] = 0;
    key[3] = 0;
    for (let k = 0; k < codeWords; k++) key[1 + k] = view.getInt32(p + 4 + k * 4);
    const issuerAt = p + 4 + codeWords * 4 + 4; // after the code and the key type
    for (let k = 0; k < 8; k++) key[4 + k] = view.getInt32(issuerAt + k * 4);
    const mask = this.#slots.length - 1;
    let slot = this.#hash() & mask;
    for (;;) {
      const asset = this.#slots[slot]! - 1;
      if (asset < 0) return this.#insert(bytes, view, p, issuerAt, slot);
      const at = asset * KEY_WORDS;
      let k = 0;
      while (k < KEY_WORDS && this.#keys[at + k] === key[k]) k++;
      if (k === KEY_WORDS) return asset;
      slot = (slot + 1) & mask;
    }
  }

  /**
   * The asset that `bytes[start, end)` names (`native` in any case, or `CODE:ISSUER`), when its
   * contract on this network is `contract`; else {@linkcode NO_ASSET}.
   */
  proven(bytes: Uint8Array, start: number, end: number, contract: number): number {
    const known = (this.#assetOfContract[contract] ?? 0) - 1;
    if (known >= 0 && this.#hasText(known, bytes, start, end)) return known;
    const asset = this.#parse(bytes, start, end);
    return asset >= 0 && this.facts[asset]!.contract === contract ? asset : NO_ASSET;
  }

  /** Forgets everything but the native asset. The address table must have been cleared before. */
  clear(): void {
    this.facts.length = 0;
    this.#textLength = 0;
    this.#slots.fill(0);
    this.#assetOfContract.fill(0);
    this.#addNative();
  }

  #hasText(asset: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { textStart, textEnd } = this.facts[asset]!;
    if (textEnd - textStart !== end - start) return false;
    for (let i = textStart; i < textEnd; i++) if (this.text[i] !== bytes[start++]) return false;
    return true;
  }

  #parse(bytes: Uint8Array, start: number, end: number): number {
    // Most topics of contracts that are no asset's are no asset either: seen without making a string.
    const length = end - start;
    if (length > MAX_TEXT_LENGTH || (length !== NATIVE_TEXT.length && length < MIN_ISSUED_LENGTH)) {
      return NO_ASSET;
    }
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(start, end));
    if (text.toLowerCase() === "native") return NATIVE_ASSET;
    try {
      const xdr = assetXdr(parseAsset(text));
      return this.intern(xdr, new DataView(xdr.buffer, xdr.byteOffset, xdr.byteLength), 0);
    } catch (error) {
      if (error instanceof AssetError) return NO_ASSET;
      throw error;
    }
  }

  #addNative(): void {
    this.#add(-1, new Uint8Array(4), NOTHING, NATIVE_TEXT);
  }

  #insert(
    bytes: Uint8Array,
    view: DataView,
    p: number,
    issuerAt: number,
    slot: number,
  ): number {
    const asset = this.facts.length;
    if ((asset + 1) * KEY_WORDS > this.#keys.length) {
      const keys = new Int32Array(this.#keys.length * 2);
      keys.set(this.#keys);
      this.#keys = keys;
    }
    this.#keys.set(this.#key, asset * KEY_WORDS);
    this.#slots[slot] = asset + 1;
    const issuer = this.addresses.intern(AddressKind.account, view, issuerAt);
    const code = assetCode(bytes, p + 4, issuerAt - 4);
    const { text } = this.addresses;
    const start = this.addresses.textStart(issuer);
    const end = this.addresses.textEnd(issuer);
    const rest = new Uint8Array(1 + end - start);
    rest[0] = COLON;
    rest.set(text.subarray(start, end), 1);
    this.#add(issuer, bytes.subarray(p, issuerAt + 32), code, rest);
    if (this.facts.length * 2 > this.#slots.length) this.#rehash();
    return asset;
  }

  /** Adds an asset whose text is its code and what follows it. */
  #add(issuer: number, xdr: Uint8Array, code: Uint8Array, rest: Uint8Array): void {
    const textStart = this.#textLength;
    const codeEnd = textStart + code.length;
    const textEnd = codeEnd + rest.length;
    if (textEnd > this.text.length) {
      const grown = new Uint8Array(this.text.length * 2);
      grown.set(this.text);
      this.text = grown;
    }
    this.text.set(code, textStart);
    this.text.set(rest, codeEnd);
    this.#textLength = textEnd;
    const id = sacContractId(this.networkId, xdr);
    const view = new DataView(id.buffer, id.byteOffset, id.byteLength);
    const contract = this.addresses.intern(AddressKind.contract, view, 0);
    if (contract >= this.#assetOfContract.length) {
      const grown = new Int32Array(Math.max(contract + 1, this.#assetOfContract.length * 2));
      grown.set(this.#assetOfContract);
      this.#assetOfContract = grown;
    }
    this.facts.push({ issuer, contract, textStart, codeEnd, textEnd });
    this.#assetOfContract[contract] = this.facts.length;
  }

  #hash(): number {
    let h = this.#seed;
    for (let k = 0; k < KEY_WORDS; k++) {
      h = Math.imul(h ^ this.#key[k]!, 0x9e3779b1);
      h ^= h >>> 15;
    }
    return h;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (let asset = 1; asset < this.facts.length; asset++) {
      const at = asset * KEY_WORDS;
      for (let k = 0; k < KEY_WORDS; k++) this.#key[k] = this.#keys[at + k]!;
      let slot = this.#hash() & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = asset + 1;
    }
  }
}

/**
 * The code without its trailing zero bytes. A network lets only letters and digits through; any
 * other byte is shown as `\xhh`, as SEP-11 writes it, so that the column stays valid UTF-8.
 */
function assetCode(bytes: Uint8Array, start: number, end: number): Uint8Array {
  while (end > start && bytes[end - 1] === 0) end--;
  const code = bytes.slice(start, end);
  if (code.every((b) => b > 0x20 && b < 0x7f)) return code;
  const shown = [...code].map((b) =>
    b > 0x20 && b < 0x7f ? String.fromCharCode(b) : `\\x${b.toString(16).padStart(2, "0")}`
  );
  return new TextEncoder().encode(shown.join(""));
}
