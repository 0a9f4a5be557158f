/**
 * Column building: one `ttp_event` row of plausible widths after the other, cut into batches of
 * 10,000 rows. The figure is for a whole batch; rows a second = 10,000 / time.
 */
import {
  BoolColumn,
  Decimal128Column,
  DictionaryColumn,
  FixedBinaryColumn,
  Int64Column,
  RecordBatchBuilder,
  TimestampMicrosColumn,
  ttpEventSchema,
  Uint32Column,
  Utf8Column,
} from "../arrow/mod.ts";

const ROWS = 10_000;

const text = new TextEncoder();
const eventId = text.encode("0053312000-0000012-00001-00000");
const account = text.encode("G".repeat(56));
const asset = text.encode(`USDC:${"G".repeat(56)}`);
const hash = new Uint8Array(64).map((_, i) => i);

/** The columns of a ttp_event batch and a function that appends a row to each of them. */
function eventColumns() {
  const u32 = Array.from({ length: 5 }, () => new Uint32Column());
  const long = [new Utf8Column(), new Utf8Column(), new Utf8Column(), new Utf8Column()];
  const [eventIds, assets, codes, amounts, muxed] = Array.from(
    { length: 5 },
    () => new Utf8Column(),
  );
  const closedAt = new TimestampMicrosColumn();
  const hashes = new FixedBinaryColumn(32);
  const ids = [new Int64Column(), new Int64Column()];
  const raw = new Decimal128Column();
  const kinds = Array.from({ length: 5 }, () => new DictionaryColumn(["a", "b", "c"]));
  const flags = [new BoolColumn(), new BoolColumn()];
  const builder = new RecordBatchBuilder(ttpEventSchema, [
    eventIds!,
    u32[0]!,
    closedAt,
    hashes,
    u32[1]!,
    u32[2]!,
    u32[3]!,
    ids[0]!,
    ids[1]!,
    kinds[0]!,
    long[0]!,
    kinds[1]!,
    codes!,
    long[1]!,
    assets!,
    long[2]!,
    long[3]!,
    amounts!,
    raw,
    muxed!,
    kinds[2]!,
    flags[0]!,
    flags[1]!,
    kinds[3]!,
    u32[4]!,
    kinds[4]!,
  ]);
  const row = (i: number) => {
    eventIds!.appendBytes(eventId, 0, eventId.length);
    u32[0]!.append(i);
    closedAt.appendSeconds(1_700_000_000 + i);
    hashes.appendBytes(hash, i & 31);
    u32[1]!.append(i);
    u32[2]!.append(i);
    u32[3]!.append(i);
    ids[0]!.appendWords(i, i);
    ids[1]!.appendWords(i, i);
    kinds[0]!.append(i & 1);
    long[0]!.appendBytes(account, 0, 56);
    kinds[1]!.append(i & 1);
    codes!.appendBytes(asset, 0, 4);
    long[1]!.appendBytes(account, 0, 56);
    assets!.appendBytes(asset, 0, asset.length);
    long[2]!.appendBytes(account, 0, 56);
    long[3]!.appendBytes(account, 0, 56);
    amounts!.appendBytes(eventId, 0, 9);
    raw.appendWords(0, 0, 0, i);
    muxed!.appendNull();
    kinds[2]!.appendNull();
    flags[0]!.append(true);
    flags[1]!.append((i & 1) === 0);
    kinds[3]!.append(0);
    u32[4]!.append(26);
    kinds[4]!.append(0);
  };
  return { builder, row };
}

const { builder, row } = eventColumns();

Deno.bench("arrow: 10,000 ttp_event rows into a record batch", () => {
  for (let i = 0; i < ROWS; i++) row(i);
  builder.finish();
});

const numbers = new Uint32Column();

Deno.bench("arrow: 10,000 uint32 values into one column", () => {
  for (let i = 0; i < ROWS; i++) numbers.append(i);
  numbers.toData();
});

const accounts = new Utf8Column();

Deno.bench("arrow: 10,000 account ids (56 bytes) into one column", () => {
  for (let i = 0; i < ROWS; i++) accounts.appendBytes(account, 0, 56);
  accounts.toData();
});
