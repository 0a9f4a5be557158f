import { type Party, PartyType } from "./ledger_entry.ts";
import type { XdrWriter } from "./xdr_writer.ts";

/** SCValType of the values that the simulated contracts use. */
export const ScType = {
  bool: 0,
  void: 1,
  u32: 3,
  u64: 5,
  i128: 10,
  bytes: 13,
  string: 14,
  symbol: 15,
  vec: 16,
  map: 17,
  address: 18,
} as const;

/** SCAddress (not yet an SCVal) of an account, contract, claimable balance or pool. */
export function writeScAddress(out: XdrWriter, party: Party): void {
  out.word(party.party);
  // Accounts and claimable balances are unions of one arm each, contracts and pools plain hashes.
  if (party.party === PartyType.account || party.party === PartyType.claimableBalance) out.word(0);
  out.opaque(party.key);
}

/** SCVal of an address. */
export function writeScAddressValue(out: XdrWriter, party: Party): void {
  out.word(ScType.address);
  writeScAddress(out, party);
}

/** SCVal of a muxed account's address, which only arguments of calls hold. */
export function writeScMuxedAddressValue(out: XdrWriter, party: Party, id: bigint): void {
  out.word(ScType.address).word(2).hyper(id).opaque(party.key);
}

/** SCVal symbol. */
export function writeScSymbol(out: XdrWriter, text: string): void {
  out.word(ScType.symbol).ascii(text);
}

/** SCVal string of ASCII text. */
export function writeScString(out: XdrWriter, text: string): void {
  out.word(ScType.string).ascii(text);
}

/** SCVal i128, any sign. */
export function writeScI128(out: XdrWriter, value: bigint): void {
  out.word(ScType.i128).hyper(value >> 64n).hyper(BigInt.asUintN(64, value));
}
