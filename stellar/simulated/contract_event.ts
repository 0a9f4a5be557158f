import type { Asset, Party } from "./ledger_entry.ts";
import {
  ScType,
  writeScAddressValue,
  writeScI128,
  writeScString,
  writeScSymbol,
} from "./sc_value.ts";
import { XdrWriter } from "./xdr_writer.ts";

const CONTRACT_EVENT = 1;

/** What an event says about the receiver behind a shared address (CAP-67). */
export type MuxedId =
  | { readonly kind: "id"; readonly id: bigint }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "hash"; readonly hash: Uint8Array };

/** A memo of a transaction; `return` is a hash of a transaction that is paid back. */
export type Memo =
  | { readonly kind: "none" }
  | MuxedId
  | { readonly kind: "return"; readonly hash: Uint8Array };

/** One event of a contract: its topics after the name, and its data. */
export interface ContractEvent {
  readonly contract: Party;
  /** First topic: transfer, mint, burn, clawback, fee; or another that is no token transfer. */
  readonly name: string;
  readonly parties: readonly Party[];
  /** SEP-11 text of the asset as last topic, where a SAC emits. */
  readonly assetText?: string | undefined;
  readonly amount: bigint;
  /** With it the data are a map of amount and to_muxed_id. */
  readonly muxedId?: MuxedId | undefined;
}

/** Writes a ContractEvent of type CONTRACT. */
export function writeContractEvent(out: XdrWriter, event: ContractEvent): void {
  out.word(0).flag(true).opaque(event.contract.key).word(CONTRACT_EVENT).word(0);
  out.word(1 + event.parties.length + (event.assetText === undefined ? 0 : 1));
  writeScSymbol(out, event.name);
  for (const party of event.parties) writeScAddressValue(out, party);
  if (event.assetText !== undefined) writeScString(out, event.assetText);
  if (event.muxedId === undefined) {
    writeScI128(out, event.amount);
    return;
  }
  out.word(ScType.map).flag(true).word(2);
  writeScSymbol(out, "amount");
  writeScI128(out, event.amount);
  writeScSymbol(out, "to_muxed_id");
  if (event.muxedId.kind === "id") out.word(ScType.u64).hyper(event.muxedId.id);
  else if (event.muxedId.kind === "text") writeScString(out, event.muxedId.text);
  else out.word(ScType.bytes).variableOpaque(event.muxedId.hash);
}

/** Collects the events of one operation; where they are switched off it drops them. */
export class EventList {
  readonly #out = new XdrWriter();
  /**
   * True in metas of version 4: classic operations have events too, and contracts of assets
   * tell of their transfers in the form of CAP-67.
   */
  readonly unified: boolean;
  #count = 0;

  constructor(unified: boolean) {
    this.unified = unified;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds an event of a contract call, whatever the meta version. */
  add(event: ContractEvent): void {
    writeContractEvent(this.#out, event);
    this.#count++;
  }

  /**
   * Adds the event of a classic operation that moves `amount` of `asset`: a mint when the issuer
   * sends, a burn when the issuer receives, else (or with the issuer on both sides) a transfer.
   */
  classic(asset: Asset, from: Party, to: Party, amount: bigint, muxedId?: MuxedId): void {
    if (!this.unified) return;
    this.add(assetEvent(asset, from, to, amount, muxedId));
  }

  /** Adds a clawback or a burn of a classic operation, which have one side only. */
  classicOneSided(name: "clawback" | "burn" | "mint", asset: Asset, side: Party, amount: bigint) {
    if (!this.unified) return;
    this.add({ contract: asset.contract, name, parties: [side], assetText: asset.text, amount });
  }

  /** Writes the ContractEvent array and starts anew. */
  write(out: XdrWriter): void {
    this.peek(out);
    this.clear();
  }

  /** Writes the ContractEvent array and keeps it. */
  peek(out: XdrWriter): void {
    out.word(this.#count).append(this.#out);
  }

  /** Drops everything collected. */
  clear(): void {
    this.#out.clear();
    this.#count = 0;
  }
}

/** The event of a Stellar asset that moves, in the form of CAP-67. */
export function assetEvent(
  asset: Asset,
  from: Party,
  to: Party,
  amount: bigint,
  muxedId?: MuxedId,
): ContractEvent {
  const base = { contract: asset.contract, assetText: asset.text, amount };
  const fromIssuer = asset.issuer === from, toIssuer = asset.issuer === to;
  if (fromIssuer && !toIssuer) return { ...base, name: "mint", parties: [to], muxedId };
  if (toIssuer && !fromIssuer) return { ...base, name: "burn", parties: [from] };
  return { ...base, name: "transfer", parties: [from, to], muxedId };
}
