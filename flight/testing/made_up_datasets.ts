import { RecordBatch } from "apache-arrow";
import {
  BinaryColumn,
  BoolColumn,
  type Column,
  Decimal128Column,
  DictionaryColumn,
  FixedBinaryColumn,
  Int64Column,
  RecordBatchBuilder,
  stellarLedgerSchema,
  TimestampMicrosColumn,
  ttpEventSchema,
  Uint32Column,
  Utf8Column,
  withNetwork,
} from "../../arrow/mod.ts";
import type { FlightBatch, FlightDataset, RangeRequest } from "../flight_dataset.ts";
import { FlightError } from "../flight_error.ts";

/** Made-up but exactly predictable rows of both datasets, for the tests of this folder. */

export const PASSPHRASE = "Test SDF Network ; September 2015";
export const FIRST_LEDGER = 100;
export const LAST_LEDGER = 119;
const CLOSED_AT = 1_700_000_000;

/** The 32 bytes of ledger `n`'s hash. */
const hash = (n: number) => Uint8Array.from({ length: 32 }, (_, i) => (n + i * 7) & 255);

/** Rows of ledger `n`: none in every fifth, otherwise n % 5. */
export const rowsOf = (ledger: number) => ledger % 5;

const stellarLedger = withNetwork(stellarLedgerSchema, PASSPHRASE);
const ttpEvent = withNetwork(ttpEventSchema, PASSPHRASE);

function ledgerColumns() {
  const hashes = [0, 1, 2].map(() => new FixedBinaryColumn(32));
  const counts = [0, 1, 2, 3, 4].map(() => new Uint32Column());
  const sums = [0, 1, 2].map(() => new Int64Column());
  const limits = [0, 1, 2].map(() => new Uint32Column());
  return {
    sequence: new Uint32Column(),
    hashes,
    closedAt: new TimestampMicrosColumn(),
    protocol: new Uint32Column(),
    counts,
    sums,
    limits,
    xdr: new BinaryColumn(),
    encoding: new DictionaryColumn(["xdr", "sep54"]),
  };
}

/** One `stellar_ledger` batch of the ledgers from..to; xdrBytes sizes the XDR column. */
export function ledgerBatch(from: number, to: number, xdrBytes = 100): RecordBatch {
  const c = ledgerColumns();
  const columns: Column[] = [
    c.sequence,
    c.hashes[0]!,
    c.hashes[1]!,
    c.closedAt,
    c.protocol,
    c.hashes[2]!,
    ...c.counts,
    ...c.sums,
    ...c.limits,
    c.xdr,
    c.encoding,
  ];
  const builder = new RecordBatchBuilder(stellarLedger, columns);
  for (let n = from; n <= to; n++) {
    c.sequence.append(n);
    c.hashes[0]!.appendBytes(hash(n), 0);
    c.hashes[1]!.appendBytes(hash(n - 1), 0);
    c.closedAt.appendSeconds(CLOSED_AT + 5 * n);
    c.protocol.append(23);
    c.hashes[2]!.appendBytes(hash(0), 0);
    c.counts.forEach((column, i) => column.append(n + i));
    c.sums.forEach((column, i) => column.appendBigInt(10n ** 18n + BigInt(n * (i + 1))));
    c.limits.forEach((column, i) => column.append(100 * (i + 1)));
    const xdr = Uint8Array.from({ length: xdrBytes }, (_, i) => (i * n) & 255);
    c.xdr.appendBytes(xdr, 0, xdr.length);
    c.encoding.append(n % 2);
  }
  return builder.finish();
}

/** One `ttp_event` batch with the events of ledger `n`; each fifth ledger has none. */
export function eventBatch(n: number): RecordBatch {
  const text = () => new Utf8Column();
  const [id, contract, code, issuer, asset, from, to, amount, muxed] = Array.from(
    { length: 9 },
    text,
  ) as [
    Utf8Column,
    Utf8Column,
    Utf8Column,
    Utf8Column,
    Utf8Column,
    Utf8Column,
    Utf8Column,
    Utf8Column,
    Utf8Column,
  ];
  const [ledger, transaction, operation, index, protocol] = Array.from(
    { length: 5 },
    () => new Uint32Column(),
  ) as [Uint32Column, Uint32Column, Uint32Column, Uint32Column, Uint32Column];
  const closedAt = new TimestampMicrosColumn();
  const transactionHash = new FixedBinaryColumn(32);
  const [transactionId, operationId] = [new Int64Column(), new Int64Column()];
  const type = new DictionaryColumn(["transfer", "mint", "burn", "clawback", "fee"]);
  const assetType = new DictionaryColumn(["native", "issued", "contract"]);
  const muxedType = new DictionaryColumn(["id", "text", "hash"]);
  const raw = new Decimal128Column();
  const [successful, soroban] = [new BoolColumn(), new BoolColumn()];
  const derived = new DictionaryColumn(["reconstructed", "unified"]);
  const version = new DictionaryColumn(["0.1.0"]);
  const builder = new RecordBatchBuilder(ttpEvent, [
    id,
    ledger,
    closedAt,
    transactionHash,
    transaction,
    operation,
    index,
    transactionId,
    operationId,
    type,
    contract,
    assetType,
    code,
    issuer,
    asset,
    from,
    to,
    amount,
    raw,
    muxed,
    muxedType,
    successful,
    soroban,
    derived,
    protocol,
    version,
  ]);
  for (let i = 0; i < rowsOf(n); i++) {
    const value = (i % 2 === 0 ? 1n : -1n) * (10n ** BigInt(7 * i + 3) + BigInt(n));
    id.appendString(`${String(n).padStart(10, "0")}-0000001-00001-0000${i}`);
    ledger.append(n);
    closedAt.appendSeconds(CLOSED_AT + 5 * n);
    transactionHash.appendBytes(hash(n * 31 + i), 0);
    transaction.append(i + 1);
    i === 1 ? operation.appendNull() : operation.append(i);
    index.append(i);
    transactionId.appendBigInt((BigInt(n) << 32n) | 4096n);
    i === 1 ? operationId.appendNull() : operationId.appendBigInt((BigInt(n) << 32n) | 4097n);
    type.append(i);
    contract.appendString("C".repeat(56));
    assetType.append(i % 3);
    i === 0 ? code.appendNull() : code.appendString(`naïve${i}`);
    i === 0 ? issuer.appendNull() : issuer.appendString("G".repeat(56));
    asset.appendString(i === 0 ? "native" : `A${i}:${"G".repeat(56)}`);
    i === 2 ? from.appendNull() : from.appendString(`from-${i}`);
    i === 3 ? to.appendNull() : to.appendString(`to-${i}`);
    amount.appendString(String(value));
    i === 3 ? raw.appendNull() : raw.appendBigInt(value);
    i === 1 ? muxed.appendString(String(2n ** 63n + 5n)) : muxed.appendNull();
    i === 1 ? muxedType.append(0) : muxedType.appendNull();
    successful.append(i !== 2);
    soroban.append(i === 3);
    derived.append(i % 2);
    protocol.append(23);
    version.append(0);
  }
  return builder.finish();
}

/** Every value of a batch by row, 64-bit times and decimals exact; for comparing. */
export function exactRows(batch: RecordBatch): string[] {
  return Array.from(
    { length: batch.numRows },
    (_, row) =>
      JSON.stringify(batch.schema.fields.map((field, column) => {
        const data = batch.data.children[column]!;
        if (!data.getValid(row)) return null;
        if (field.type.toString().startsWith("Timestamp")) return String(data.values[row]);
        const value = batch.getChildAt(column)!.get(row);
        if (typeof value === "bigint") return String(value);
        return ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value;
      })),
  );
}

function range(request: RangeRequest): [number, number] {
  const start = request.startLedger ?? FIRST_LEDGER;
  if (start < FIRST_LEDGER) {
    throw new FlightError("OUT_OF_RANGE", `The first ledger is ${FIRST_LEDGER}: ${start} asked.`);
  }
  return [start, request.endLedger || LAST_LEDGER];
}

/** The made-up `stellar_ledger`: five ledgers a batch. */
export const ledgerDataset: FlightDataset = {
  name: "stellar_ledger",
  schema: stellarLedger,
  bounds: () =>
    Promise.resolve({
      first: FIRST_LEDGER,
      last: LAST_LEDGER,
      totalRecords: LAST_LEDGER - FIRST_LEDGER + 1,
    }),
  endpoints: (request) => {
    const [start, end] = range(request);
    const middle = Math.floor((start + end) / 2);
    return Promise.resolve([
      { ...request, startLedger: start, endLedger: middle },
      { ...request, startLedger: middle + 1, endLedger: end },
    ]);
  },
  countRecords: (request) => {
    const [start, end] = range(request);
    return Promise.resolve(end - start + 1);
  },
  async *read(request): AsyncGenerator<FlightBatch> {
    const [start, end] = range(request);
    for (let n = start; n <= end; n += 5) {
      const last = Math.min(n + 4, end);
      const metadata = { first_ledger: n, last_ledger: last, tip: LAST_LEDGER };
      await Promise.resolve();
      yield { batch: ledgerBatch(n, last), metadata };
    }
  },
};

/** The made-up `ttp_event`: a batch a ledger, also of ledgers without events. */
export const eventDataset: FlightDataset = {
  name: "ttp_event",
  schema: ttpEvent,
  bounds: () => Promise.resolve({ first: FIRST_LEDGER, last: LAST_LEDGER }),
  async *read(request): AsyncGenerator<FlightBatch> {
    const [start, end] = range(request);
    for (let n = start; n <= end; n++) {
      await Promise.resolve();
      yield {
        batch: eventBatch(n),
        metadata: { first_ledger: n, last_ledger: n, tip: LAST_LEDGER, rows: rowsOf(n) },
      };
    }
  },
};
