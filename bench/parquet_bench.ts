import { sampleBatch } from "../components/arrow-analytics-sink/testing/mod.ts";
import {
  appendArrow,
  RowBatch,
  TTP_EVENT_FIELDS,
} from "../components/arrow-analytics-sink/rows/mod.ts";
import {
  CsvWriter,
  type FormatWriter,
  JsonWriter,
  ParquetWriter,
  type RowBuffer,
} from "../components/arrow-analytics-sink/writers/mod.ts";

// Arrow batches of ttp_event (26 columns) to the bytes of finished files, statistics included:
// what the sink does with a core. Rows per second = ROWS / time of an iteration.

const ROWS_PER_LEDGER = 500;
const LEDGERS = 20;
/** Rows of one file: the default of PARQUET_BATCH_SIZE. */
const ROWS = ROWS_PER_LEDGER * LEDGERS;

const batches = Array.from(
  { length: LEDGERS },
  (_, i) => sampleBatch(3_000_000 + i, 3_000_000 + i, { events: () => ROWS_PER_LEDGER }).batch,
);

const rows = new RowBatch(TTP_EVENT_FIELDS);

/** A function that writes a file over and over, with one buffer as the sink has it. */
function fileWriter(writer: FormatWriter): () => void {
  const buffer = writer.createBuffer(TTP_EVENT_FIELDS);
  return () => writeFile(buffer);
}

function writeFile(buffer: RowBuffer): void {
  buffer.clear();
  for (const batch of batches) {
    rows.clear();
    appendArrow(rows, batch);
    buffer.append(rows, 0, rows.rows);
  }
  buffer.encode();
}

for (const compression of ["zstd", "none", "snappy", "lz4", "gzip", "brotli"] as const) {
  const writer = await ParquetWriter.create(compression);
  Deno.bench(`parquet file of ${ROWS} rows x 26 columns, ${compression}`, {
    group: "parquet",
    baseline: compression === "zstd",
  }, fileWriter(writer));
}

Deno.bench(`arrow batches to stored rows, ${ROWS} rows`, { group: "columns" }, () => {
  for (const batch of batches) {
    rows.clear();
    appendArrow(rows, batch);
  }
});

Deno.bench(
  `json lines file of ${ROWS} rows`,
  { group: "text" },
  fileWriter(new JsonWriter("jsonl")),
);

Deno.bench(`csv file of ${ROWS} rows`, { group: "text" }, fileWriter(new CsvWriter(",")));
