/**
 * The facts of one closed ledger as they travel in `app_metadata` and land in the `ledger` table.
 * Field names are those of {@linkcode ledgerSchema}. 64-bit amounts are decimal text, because a
 * JSON number would round stroops beyond 2^53.
 */
export interface LedgerRow {
  /** Ledger sequence number. */
  sequence: number;
  /** Hash of the ledger header, 64 lower-case hex digits. */
  hash: string;
  /** Hash of the header before it, 64 lower-case hex digits. */
  previous_hash: string;
  /** Close time as ISO 8601 in whole seconds with `Z`. */
  closed_at: string;
  /** Protocol version of the header. */
  protocol_version: number;
  /** SHA-256 of the network passphrase, 64 lower-case hex digits. */
  network_id: string;
  /** Transactions of the ledger, failed ones included. */
  transaction_count: number;
  /** Transactions that succeeded. */
  successful_transaction_count: number;
  /** Transactions that failed. */
  failed_transaction_count: number;
  /** Operations of all transactions. */
  operation_count: number;
  /** Transactions with Soroban data. */
  soroban_transaction_count: number;
  /** Lumens in existence, in stroops, as int64 text. */
  total_coins: string;
  /** Fee pool in stroops, as int64 text. */
  fee_pool: string;
  /** Fees charged in this ledger in stroops, as int64 text. */
  total_fees: string;
  /** Base fee in stroops. */
  base_fee: number;
  /** Base reserve in stroops. */
  base_reserve: number;
  /** Largest transaction set that the network allows. */
  max_tx_set_size: number;
  /** Token-transfer events of the ledger, where they have been counted. */
  event_count?: number;
}
