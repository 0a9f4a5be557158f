import type { RecordBatch, Schema } from "apache-arrow";
import {
  BinaryColumn,
  DictionaryColumn,
  FixedBinaryColumn,
  HASH_BYTES,
  Int64Column,
  LEDGER_ENCODINGS,
  type LedgerEncoding,
  RecordBatchBuilder,
  TimestampMicrosColumn,
  Uint32Column,
} from "../../arrow/mod.ts";
import { type LedgerIndex, ledgerRow, TransactionPairing } from "../../stellar/mod.ts";

/** Collects rows of `stellar_ledger` and cuts them into record batches. */
export class LedgerRows {
  readonly #networkId: Uint8Array;
  readonly #pairing = new TransactionPairing();
  readonly #sequence = new Uint32Column();
  readonly #hash = new FixedBinaryColumn(HASH_BYTES);
  readonly #previousHash = new FixedBinaryColumn(HASH_BYTES);
  readonly #closedAt = new TimestampMicrosColumn();
  readonly #protocolVersion = new Uint32Column();
  readonly #network = new FixedBinaryColumn(HASH_BYTES);
  readonly #transactions = new Uint32Column();
  readonly #successful = new Uint32Column();
  readonly #failed = new Uint32Column();
  readonly #operations = new Uint32Column();
  readonly #soroban = new Uint32Column();
  readonly #totalCoins = new Int64Column();
  readonly #feePool = new Int64Column();
  readonly #totalFees = new Int64Column();
  readonly #baseFee = new Uint32Column();
  readonly #baseReserve = new Uint32Column();
  readonly #maxTxSetSize = new Uint32Column();
  readonly #xdr = new BinaryColumn();
  readonly #encoding = new DictionaryColumn(LEDGER_ENCODINGS);
  readonly #builder: RecordBatchBuilder;

  /** `schema` is that of `stellar_ledger`, `networkId` goes into every row. */
  constructor(schema: Schema, networkId: Uint8Array) {
    this.#networkId = networkId;
    this.#builder = new RecordBatchBuilder(schema, [
      this.#sequence,
      this.#hash,
      this.#previousHash,
      this.#closedAt,
      this.#protocolVersion,
      this.#network,
      this.#transactions,
      this.#successful,
      this.#failed,
      this.#operations,
      this.#soroban,
      this.#totalCoins,
      this.#feePool,
      this.#totalFees,
      this.#baseFee,
      this.#baseReserve,
      this.#maxTxSetSize,
      this.#xdr,
      this.#encoding,
    ]);
  }

  /** Ledgers held. */
  get length(): number {
    return this.#builder.rows;
  }

  /** Bytes that the held ledgers will take in a batch. */
  get byteLength(): number {
    return this.#builder.byteLength;
  }

  /**
   * Adds the ledger that `index` has read, with `stored` as its `ledger_xdr`.
   * Throws LedgerError when it contradicts itself or its transactions are not those of this
   * network, RangeError or ArrowError for what a column does not take; then it adds nothing.
   */
  append(index: LedgerIndex, stored: Uint8Array, encoding: LedgerEncoding): void {
    const held = this.length;
    try {
      this.#append(index, stored, encoding);
    } catch (error) {
      this.#builder.truncate(held);
      throw error;
    }
  }

  /** The held ledgers as a record batch, which may have no rows; holds none afterwards. */
  finish(): RecordBatch {
    return this.#builder.finish();
  }

  #append(index: LedgerIndex, stored: Uint8Array, encoding: LedgerEncoding): void {
    const row = ledgerRow(index, this.#networkId, this.#pairing);
    this.#sequence.append(index.sequence);
    this.#hash.appendBytes(index.bytes, index.hashAt);
    this.#previousHash.appendBytes(index.bytes, index.previousHashAt);
    this.#closedAt.appendSeconds(index.closeTime);
    this.#protocolVersion.append(index.protocolVersion);
    this.#network.appendBytes(this.#networkId, 0);
    this.#transactions.append(row.transaction_count);
    this.#successful.append(row.successful_transaction_count);
    this.#failed.append(row.failed_transaction_count);
    this.#operations.append(row.operation_count);
    this.#soroban.append(row.soroban_transaction_count);
    this.#totalCoins.appendBigInt(BigInt(row.total_coins));
    this.#feePool.appendBigInt(BigInt(row.fee_pool));
    this.#totalFees.appendBigInt(BigInt(row.total_fees));
    this.#baseFee.append(row.base_fee);
    this.#baseReserve.append(row.base_reserve);
    this.#maxTxSetSize.append(row.max_tx_set_size);
    this.#xdr.appendBytes(stored, 0, stored.length);
    this.#encoding.append(LEDGER_ENCODINGS.indexOf(encoding));
  }
}
