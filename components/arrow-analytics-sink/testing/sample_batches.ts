import {
  BoolColumn,
  Decimal128Column,
  DictionaryColumn,
  FixedBinaryColumn,
  Int64Column,
  type LedgerRow,
  RecordBatchBuilder,
  TimestampMicrosColumn,
  ttpEventSchema,
  Uint32Column,
  Utf8Column,
  withNetwork,
} from "../../../arrow/mod.ts";
import type { FlightBatch } from "../../../flight/mod.ts";

/** Network of the sample rows. */
export const SAMPLE_NETWORK = "Sample Network ; November 2026";

/** Close time of ledger 0; one ledger every five seconds. */
const EPOCH_SECONDS = 1_700_000_000;

const TYPES = ["transfer", "mint", "burn", "clawback", "fee"];
const CODES = [null, "USDC", "A/B", "ÄÖ=%", "yXLM"];

/** How sample batches look; every value follows from the ledger and the position in it. */
export interface SampleOptions {
  /** Events of a ledger; default 3. */
  events?: (ledger: number) => number;
  mode?: "reconstructed" | "unified";
  partial?: true;
  /** Position of the first ledger's first event, for the later parts of a ledger. */
  from?: number;
  /** Added to the numbers that the hashes are made of: another one makes another chain. */
  chain?: number;
}

/** A batch of ledgers [first, last] as the processor would send it. */
export function sampleBatch(first: number, last: number, options: SampleOptions = {}): FlightBatch {
  const { events = () => 3, mode = "reconstructed", partial, from = 0, chain = 0 } = options;
  const rows = new SampleRows(mode);
  const ledgers: LedgerRow[] = [];
  for (let ledger = first; ledger <= last; ledger++) {
    const count = events(ledger);
    const begin = ledger === first ? from : 0;
    for (let i = begin; i < begin + count; i++) rows.append(ledger, i);
    ledgers.push(sampleLedgerRow(ledger, begin + count, chain));
  }
  return {
    batch: rows.builder.finish(),
    metadata: {
      first_ledger: first,
      last_ledger: last,
      tip: last,
      ...(partial ? { partial } : {}),
      ledgers,
    },
  };
}

/** The facts of a sample ledger. */
export function sampleLedgerRow(ledger: number, eventCount: number, chain = 0): LedgerRow {
  return {
    sequence: ledger,
    hash: hex(ledger + chain),
    previous_hash: hex(ledger - 1 + chain),
    closed_at: new Date((EPOCH_SECONDS + 5 * ledger) * 1000).toISOString().replace(".000Z", "Z"),
    protocol_version: 23,
    network_id: hex(7),
    transaction_count: eventCount,
    successful_transaction_count: eventCount,
    failed_transaction_count: 0,
    operation_count: eventCount,
    soroban_transaction_count: 0,
    total_coins: "1054439020873472865",
    fee_pool: "9007199254740993",
    total_fees: "300",
    base_fee: 100,
    base_reserve: 5_000_000,
    max_tx_set_size: 1000,
    event_count: eventCount,
  };
}

/** TOID of the i-th event's transaction: above 2^53 from ledger 2,097,152 on. */
export function sampleTransactionId(ledger: number, i: number): bigint {
  return BigInt(ledger) << 32n | BigInt(i + 1) << 12n;
}

class SampleRows {
  readonly #u32 = () => new Uint32Column();
  readonly #c = {
    event_id: new Utf8Column(),
    ledger_sequence: this.#u32(),
    closed_at: new TimestampMicrosColumn(),
    transaction_hash: new FixedBinaryColumn(32),
    transaction_index: this.#u32(),
    operation_index: this.#u32(),
    event_index: this.#u32(),
    transaction_id: new Int64Column(),
    operation_id: new Int64Column(),
    event_type: new DictionaryColumn(TYPES),
    contract_address: new Utf8Column(),
    asset_type: new DictionaryColumn(["native", "issued", "contract"]),
    asset_code: new Utf8Column(),
    asset_issuer: new Utf8Column(),
    asset: new Utf8Column(),
    from_account: new Utf8Column(),
    to_account: new Utf8Column(),
    amount: new Utf8Column(),
    amount_raw: new Decimal128Column(),
    to_muxed_id: new Utf8Column(),
    to_muxed_id_type: new DictionaryColumn(["id", "text", "hash", "text_hex"]),
    successful: new BoolColumn(),
    is_soroban: new BoolColumn(),
    derived_from: new DictionaryColumn(["reconstructed", "unified"]),
    protocol_version: this.#u32(),
    processor_version: new DictionaryColumn(["0.1.0"]),
  };
  readonly builder = new RecordBatchBuilder(
    withNetwork(ttpEventSchema, SAMPLE_NETWORK),
    Object.values(this.#c),
  );

  constructor(private readonly mode: "reconstructed" | "unified") {}

  append(ledger: number, i: number): void {
    const c = this.#c;
    const pad = (n: number, digits: number) => String(n).padStart(digits, "0");
    const account = (n: number) =>
      "G" + pad(n % 50, 2).padEnd(55, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    const code = CODES[(ledger + i) % CODES.length]!;
    const type = (ledger * 3 + i) % TYPES.length;
    const amount = BigInt(ledger) * 1_000_003n * BigInt(i + 1) * (i % 7 === 6 ? -(10n ** 18n) : 1n);
    const id = sampleTransactionId(ledger, i);
    c.event_id.appendString(`${pad(ledger, 10)}-${pad(i + 1, 7)}-00001-00000`);
    c.ledger_sequence.append(ledger);
    c.closed_at.appendSeconds(EPOCH_SECONDS + 5 * ledger);
    c.transaction_hash.appendBytes(hashBytes(ledger * 1000 + i), 0);
    c.transaction_index.append(i + 1);
    if (TYPES[type] === "fee") {
      c.operation_index.appendNull();
      c.operation_id.appendNull();
    } else {
      c.operation_index.append(1);
      c.operation_id.appendBigInt(id + 1n);
    }
    c.event_index.append(i);
    c.transaction_id.appendBigInt(id);
    c.event_type.append(type);
    c.contract_address.appendString("C" + account(i).slice(1));
    c.asset_type.append(code === null ? 0 : 1);
    if (code === null) {
      c.asset_code.appendNull();
      c.asset_issuer.appendNull();
      c.asset.appendString("native");
    } else {
      c.asset_code.appendString(code);
      c.asset_issuer.appendString(account(7));
      c.asset.appendString(`${code}:${account(7)}`);
    }
    c.from_account.appendString(account(ledger + i));
    if (TYPES[type] === "fee") c.to_account.appendNull();
    else c.to_account.appendString(account(ledger * 7 + i));
    c.amount.appendString(String(amount));
    c.amount_raw.appendBigInt(amount);
    if (i % 4 === 1) {
      c.to_muxed_id.appendString('say "hi",\n\\ ä');
      c.to_muxed_id_type.append(1);
    } else {
      c.to_muxed_id.appendNull();
      c.to_muxed_id_type.appendNull();
    }
    c.successful.append(i % 5 !== 0);
    c.is_soroban.append(i % 3 === 0);
    c.derived_from.append(this.mode === "reconstructed" ? 0 : 1);
    c.protocol_version.append(23);
    c.processor_version.append(0);
  }
}

function hashBytes(n: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(28, n);
  return bytes;
}

function hex(n: number): string {
  return [...hashBytes(n)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
