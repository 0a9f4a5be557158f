import type { LedgerIndex } from "./ledger_index.ts";
import { TransactionPairing } from "./transaction_pairing.ts";

/**
 * The facts of one ledger, as the `ledger` row of the schemas has them: hashes in lower-case hex,
 * int64 as decimal text, times in ISO 8601, UTC.
 */
export interface LedgerRow {
  sequence: number;
  hash: string;
  previous_hash: string;
  closed_at: string;
  protocol_version: number;
  network_id: string;
  transaction_count: number;
  successful_transaction_count: number;
  failed_transaction_count: number;
  operation_count: number;
  soroban_transaction_count: number;
  total_coins: string;
  fee_pool: string;
  total_fees: string;
  base_fee: number;
  base_reserve: number;
  max_tx_set_size: number;
}

/** 9999-12-31T23:59:59Z in Unix seconds: in RFC 3339 a year has four digits. */
const MAX_CLOSE_TIME = 253_402_300_799;

/** A ledger that is valid XDR but contradicts itself or the network it is said to be of. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
  /** Sequence number of the ledger. */
  readonly ledger: number;

  constructor(ledger: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.ledger = ledger;
  }
}

/** The error for a transaction whose envelope is not in the ledger's transaction set. */
export function unpairedTransaction(index: LedgerIndex, transaction: number): LedgerError {
  const at = index.results.hash.data[transaction]!;
  const hash = index.bytes.subarray(at, at + 32).toHex();
  return new LedgerError(
    index.sequence,
    `Ledger ${index.sequence}: no envelope of its transaction set has the hash ${hash} of ` +
      `transaction ${transaction + 1}; the network passphrase is probably that of another network`,
  );
}

/**
 * Makes the row of a ledger. Counts are over the transactions that were applied; a fee bump counts the
 * operations of its inner transaction; `total_fees` is the sum of their `feeCharged`.
 *
 * @throws {LedgerError} when a transaction's envelope is not in the set (see
 * {@linkcode unpairedTransaction}), or the ledger closed after the year 9999.
 */
export function ledgerRow(
  index: LedgerIndex,
  networkId: Uint8Array,
  pairing: TransactionPairing = new TransactionPairing(),
): LedgerRow {
  const unpaired = pairing.pair(index, networkId);
  if (unpaired >= 0) throw unpairedTransaction(index, unpaired);
  return pairedLedgerRow(index, networkId, pairing);
}

/**
 * {@linkcode ledgerRow} for a ledger that `pairing` has just paired.
 *
 * @throws {LedgerError} when the ledger closed after the year 9999.
 */
export function pairedLedgerRow(
  index: LedgerIndex,
  networkId: Uint8Array,
  pairing: TransactionPairing,
): LedgerRow {
  const { results, envelopes, view, header, bytes } = index;
  if (index.closeTime > MAX_CLOSE_TIME) {
    throw new LedgerError(
      index.sequence,
      `Ledger ${index.sequence}: its close time, ${index.closeTime} seconds after 1970, ` +
        "is beyond the year 9999",
    );
  }
  let successful = 0;
  let operations = 0;
  let soroban = 0;
  let fees = 0n;
  for (let t = 0; t < results.length; t++) {
    const e = pairing.envelopeOf[t]!;
    successful += results.successful.data[t]!;
    operations += envelopes.operationCount.data[e]!;
    soroban += envelopes.soroban.data[e]!;
    fees += view.getBigInt64(results.feeCharged.data[t]!);
  }
  return {
    sequence: index.sequence,
    hash: bytes.subarray(index.hashAt, index.hashAt + 32).toHex(),
    previous_hash: bytes.subarray(index.previousHashAt, index.previousHashAt + 32).toHex(),
    closed_at: isoSeconds(index.closeTime),
    protocol_version: index.protocolVersion,
    network_id: networkId.toHex(),
    transaction_count: results.length,
    successful_transaction_count: successful,
    failed_transaction_count: results.length - successful,
    operation_count: operations,
    soroban_transaction_count: soroban,
    total_coins: String(view.getBigInt64(header.totalCoins)),
    fee_pool: String(view.getBigInt64(header.feePool)),
    total_fees: String(fees),
    base_fee: view.getUint32(header.baseFee),
    base_reserve: view.getUint32(header.baseReserve),
    max_tx_set_size: view.getUint32(header.maxTxSetSize),
  };
}

/**
 * Unix seconds as RFC 3339 in UTC, whole seconds, up to the year 9999: a ledger's close time was
 * held against that when its row was made. Throws RangeError past the year 275760.
 */
export function isoSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
