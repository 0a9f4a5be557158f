import {
  BoolColumn,
  Decimal128Column,
  DictionaryColumn,
  FixedBinaryColumn,
  HASH_BYTES,
  Int64Column,
  RecordBatchBuilder,
  TimestampMicrosColumn,
  ttpEventSchema,
  Uint32Column,
  Utf8Column,
  withNetwork,
} from "../../arrow/mod.ts";
import type { RecordBatch, Schema } from "apache-arrow";
import { isUtf8, writeHex } from "./_text.ts";
import { MAX_TOID_LEDGER, toidLowWord } from "../../stellar/mod.ts";
import { describeFilter, type EventFilterOptions } from "./event_filter.ts";
import { EventIdWriter } from "./event_id.ts";
import { PROCESSOR_VERSION } from "./version.ts";
import {
  DecimalText,
  EVENT_TYPE_NAMES,
  type EventsMode,
  type LedgerTransfers,
  MuxedKind,
  NATIVE_ASSET,
  NO_ADDRESS,
  NO_ASSET,
  NO_OPERATION,
} from "./token_transfer/mod.ts";

/** Digits that `amount_raw` can hold. */
const MAX_RAW_DIGITS = 38;

const MODES: readonly EventsMode[] = ["reconstructed", "unified"];
const ASSET_TYPES = ["native", "issued", "contract"] as const;
const MUXED_TYPES = ["id", "text", "hash", "text_hex"] as const;
const MUXED_TEXT_HEX = 3;

/** The schema of ttp_event for one network, with what identifies a stream of events. */
export function eventSchema(
  networkPassphrase: string,
  mode: EventsMode,
  filter: EventFilterOptions = {},
): Schema {
  const schema = withNetwork(ttpEventSchema, networkPassphrase);
  schema.metadata.set("events_mode", mode);
  const filters = describeFilter(filter);
  if (filters !== undefined) schema.metadata.set("event_filters", filters);
  return schema;
}

/**
 * Collects the events of ledgers as columns of `ttp_event`. Values go from the ledger's bytes and the
 * tables of addresses and assets straight into the columns.
 */
export class EventBatch {
  readonly #id = new Utf8Column();
  readonly #ledger = new Uint32Column();
  readonly #closedAt = new TimestampMicrosColumn();
  readonly #hash = new FixedBinaryColumn(HASH_BYTES);
  readonly #transaction = new Uint32Column();
  readonly #operation = new Uint32Column();
  readonly #eventIndex = new Uint32Column();
  readonly #transactionId = new Int64Column();
  readonly #operationId = new Int64Column();
  readonly #type = new DictionaryColumn(EVENT_TYPE_NAMES);
  readonly #contract = new Utf8Column();
  readonly #assetType = new DictionaryColumn(ASSET_TYPES);
  readonly #assetCode = new Utf8Column();
  readonly #assetIssuer = new Utf8Column();
  readonly #asset = new Utf8Column();
  readonly #from = new Utf8Column();
  readonly #to = new Utf8Column();
  readonly #amount = new Utf8Column();
  readonly #amountRaw = new Decimal128Column();
  readonly #muxedId = new Utf8Column();
  readonly #muxedType = new DictionaryColumn(MUXED_TYPES);
  readonly #successful = new BoolColumn();
  readonly #soroban = new BoolColumn();
  readonly #derivedFrom = new DictionaryColumn(MODES);
  readonly #protocol = new Uint32Column();
  readonly #version = new DictionaryColumn([PROCESSOR_VERSION]);

  readonly #builder: RecordBatchBuilder;
  readonly #ids = new EventIdWriter();
  readonly #decimal = new DecimalText();
  #hex = new Uint8Array(128);

  /** `filter` is told in the schema; what it keeps is the caller's to append. */
  constructor(networkPassphrase: string, mode: EventsMode, filter: EventFilterOptions = {}) {
    this.#builder = new RecordBatchBuilder(eventSchema(networkPassphrase, mode, filter), [
      this.#id,
      this.#ledger,
      this.#closedAt,
      this.#hash,
      this.#transaction,
      this.#operation,
      this.#eventIndex,
      this.#transactionId,
      this.#operationId,
      this.#type,
      this.#contract,
      this.#assetType,
      this.#assetCode,
      this.#assetIssuer,
      this.#asset,
      this.#from,
      this.#to,
      this.#amount,
      this.#amountRaw,
      this.#muxedId,
      this.#muxedType,
      this.#successful,
      this.#soroban,
      this.#derivedFrom,
      this.#protocol,
      this.#version,
    ]);
  }

  /** Events held. */
  get rows(): number {
    return this.#builder.rows;
  }

  /** Bytes held, for cutting batches by size. */
  get byteLength(): number {
    return this.#builder.byteLength;
  }

  /** Drops the events from the n-th on. */
  truncate(n: number): void {
    this.#builder.truncate(n);
  }

  /** The events held, as a record batch; afterwards none are held. */
  finish(): RecordBatch {
    return this.#builder.finish();
  }

  /** Appends event `row` of the ledger that `transfers` has read. */
  append(transfers: LedgerTransfers, row: number): void {
    const { context, index } = transfers;
    const { rows } = context;
    const transaction = rows.transaction(row);
    const operation = rows.operation(row) + 1;
    const hasOperation = operation - 1 !== NO_OPERATION;
    this.#ids.write(index.sequence, transaction + 1, operation, rows.position(row));
    this.#id.appendBytes(this.#ids.bytes, 0, this.#ids.bytes.length);
    this.#ledger.append(index.sequence);
    this.#closedAt.appendSeconds(index.closeTime);
    this.#hash.appendBytes(index.bytes, index.results.hash.data[transaction]!);
    this.#transaction.append(transaction + 1);
    if (hasOperation) this.#operation.append(operation);
    else this.#operation.appendNull();
    this.#eventIndex.append(row);
    this.#appendToids(index.sequence, transaction + 1, operation);
    this.#type.append(rows.type(row));
    this.#appendAsset(transfers, row);
    this.#appendAddress(transfers, this.#from, rows.from(row));
    this.#appendAddress(transfers, this.#to, rows.to(row));
    this.#appendAmount(transfers, row);
    this.#appendMuxed(transfers, row);
    this.#successful.append(index.results.successful.data[transaction] === 1);
    const envelope = context.pairing.envelopeOf[transaction]!;
    this.#soroban.append(index.envelopes.soroban.data[envelope] === 1);
    this.#derivedFrom.append(transfers.mode === "unified" ? 1 : 0);
    this.#protocol.append(index.protocolVersion);
    this.#version.append(0);
  }

  /** SEP-35 ids, null for ledgers beyond what fits an int64. */
  #appendToids(ledger: number, transaction: number, operation: number): void {
    if (ledger > MAX_TOID_LEDGER) {
      this.#transactionId.appendNull();
      this.#operationId.appendNull();
      return;
    }
    this.#transactionId.appendWords(ledger, toidLowWord(transaction, 0));
    if (operation === 0) this.#operationId.appendNull();
    else this.#operationId.appendWords(ledger, toidLowWord(transaction, operation));
  }

  #appendAsset(transfers: LedgerTransfers, row: number): void {
    const { rows, assets } = transfers.context;
    const contract = rows.contract(row);
    const asset = rows.asset(row);
    this.#appendAddress(transfers, this.#contract, contract);
    if (asset === NO_ASSET) {
      this.#assetType.append(2);
      this.#assetCode.appendNull();
      this.#assetIssuer.appendNull();
      this.#appendAddress(transfers, this.#asset, contract);
      return;
    }
    const { issuer, textStart, textEnd, codeEnd } = assets.facts[asset]!;
    if (asset === NATIVE_ASSET) {
      this.#assetType.append(0);
      this.#assetCode.appendNull();
    } else {
      this.#assetType.append(1);
      this.#assetCode.appendBytes(assets.text, textStart, codeEnd);
    }
    this.#appendAddress(transfers, this.#assetIssuer, issuer);
    this.#asset.appendBytes(assets.text, textStart, textEnd);
  }

  #appendAddress(transfers: LedgerTransfers, column: Utf8Column, address: number): void {
    if (address === NO_ADDRESS) return column.appendNull();
    const { addresses } = transfers.context;
    column.appendBytes(addresses.text, addresses.textStart(address), addresses.textEnd(address));
  }

  #appendAmount(transfers: LedgerTransfers, row: number): void {
    const { rows } = transfers.context;
    const w3 = rows.amountWord(row, 3);
    const w2 = rows.amountWord(row, 2);
    const w1 = rows.amountWord(row, 1);
    const w0 = rows.amountWord(row, 0);
    const text = this.#decimal;
    text.write(w3, w2, w1, w0);
    this.#amount.appendBytes(text.bytes, text.start, text.end);
    const digits = text.end - text.start - (w3 < 0 ? 1 : 0);
    if (digits > MAX_RAW_DIGITS) this.#amountRaw.appendNull();
    else this.#amountRaw.appendWords(w3, w2, w1, w0);
  }

  #appendMuxed(transfers: LedgerTransfers, row: number): void {
    const { rows } = transfers.context;
    const kind = rows.muxedKind(row);
    if (kind === MuxedKind.none) {
      this.#muxedId.appendNull();
      this.#muxedType.appendNull();
      return;
    }
    const { bytes, view } = transfers.index;
    const start = rows.muxedStart(row);
    const end = start + rows.muxedLength(row);
    if (kind === MuxedKind.id) {
      this.#decimal.writeUint64(view.getInt32(start), view.getInt32(start + 4));
      this.#muxedId.appendBytes(this.#decimal.bytes, this.#decimal.start, this.#decimal.end);
      this.#muxedType.append(0);
    } else if (kind === MuxedKind.text && isUtf8(bytes, start, end)) {
      this.#muxedId.appendBytes(bytes, start, end);
      this.#muxedType.append(1);
    } else {
      this.#appendHex(bytes, start, end);
      this.#muxedType.append(kind === MuxedKind.text ? MUXED_TEXT_HEX : 2);
    }
  }

  #appendHex(bytes: Uint8Array, start: number, end: number): void {
    const length = (end - start) * 2;
    if (length > this.#hex.length) this.#hex = new Uint8Array(length);
    writeHex(bytes, start, end, this.#hex);
    this.#muxedId.appendBytes(this.#hex, 0, length);
  }
}
