import { assertEquals } from "@std/assert";
import { APP_ID } from "../../components/arrow-analytics-sink/delta/mod.ts";
import { DenoStorage } from "../../components/arrow-analytics-sink/storage/mod.ts";
import { AnalyticsStore } from "../../components/arrow-analytics-sink/tables/mod.ts";
import {
  SAMPLE_NETWORK,
  sampleBatch,
  sampleTransactionId,
} from "../../components/arrow-analytics-sink/testing/mod.ts";
import { ParquetWriter } from "../../components/arrow-analytics-sink/writers/mod.ts";
import { findPython, runPython } from "./python.ts";

const READER = new URL("./delta_reader.py", import.meta.url).pathname;

const python = await findPython([
  "deltalake",
  "duckdb",
  "duckdb_extension_delta",
  "polars",
  "pyarrow.dataset",
]);
const absent = "missing" in python;
if ("missing" in python) console.log(`skipped: ${python.missing}`);

/** From here on a TOID exceeds 2^53. */
const FIRST = 3_000_000;

interface View {
  rows: string[];
  assets: Record<string, string | null>;
  found: string[];
}

interface Report {
  deltalake: View & {
    cursor: number;
    partition_columns: string[];
    types: Record<string, string>;
    amounts: Record<string, string>;
    closed_at: string[];
  };
  polars: View;
  duckdb: View;
}

async function write(
  path: string,
  partitionBy: "none" | "date" | "hour" | "asset_code" | "event_type",
  last: number,
  flushEvery: number,
): Promise<void> {
  const store = await AnalyticsStore.open({
    storage: new DenoStorage(),
    path,
    writers: [await ParquetWriter.create("zstd")],
    partitionBy,
    parquetSchema: "native",
    rowsPerFile: 25,
    startLedger: FIRST,
    endLedger: last,
    muxedAddress: () => undefined,
    holder: "the test",
    now: Date.now,
  });
  store.setIdentity(SAMPLE_NETWORK, "reconstructed");
  for (let ledger = store.next!; ledger <= last; ledger++) {
    await store.append(sampleBatch(ledger, ledger));
    if (ledger % flushEvery === 0) await store.flush();
  }
  await store.close();
}

async function read(path: string): Promise<Report> {
  // The middle one of a ledger's TOIDs: a minimum or maximum rounded to a double would hide it.
  const wanted = sampleTransactionId(FIRST + 5, 1);
  const out = await runPython(python, [READER, `${path}/ttp_event`, APP_ID, String(wanted)]);
  return JSON.parse(out);
}

function idOf(ledger: number, i: number): string {
  return `${String(ledger).padStart(10, "0")}-${String(i + 1).padStart(7, "0")}-00001-00000`;
}

function checkViews(report: Report, last: number): void {
  const ids: string[] = [];
  const assets: Record<string, string | null> = {};
  const codes = [null, "USDC", "A/B", "ÄÖ=%", "yXLM"];
  for (let ledger = FIRST; ledger <= last; ledger++) {
    for (let i = 0; i < 3; i++) {
      ids.push(idOf(ledger, i));
      assets[idOf(ledger, i)] = codes[(ledger + i) % codes.length]!;
    }
  }
  for (const name of ["deltalake", "polars", "duckdb"] as const) {
    assertEquals(report[name].rows, ids, name);
    assertEquals(report[name].assets, assets, name);
    assertEquals(report[name].found, [idOf(FIRST + 5, 1)], name);
  }
  assertEquals(report.deltalake.cursor, last);
}

for (const partitionBy of ["none", "date", "hour", "asset_code", "event_type"] as const) {
  Deno.test({
    name: `delta-rs, Polars and DuckDB read every row of a table partitioned by ${partitionBy}`,
    ignore: absent,
    async fn() {
      const path = await Deno.makeTempDir();
      try {
        await write(path, partitionBy, FIRST + 30, 4);
        const report = await read(path);
        checkViews(report, FIRST + 30);
        const { types, amounts, closed_at } = report.deltalake;
        assertEquals(types["amount_raw"], "decimal128(38, 0)");
        assertEquals(types["transaction_id"], "int64");
        assertEquals(types["closed_at"], "timestamp[us, tz=UTC]");
        assertEquals(amounts[idOf(FIRST + 5, 2)], String(BigInt(FIRST + 5) * 3_000_009n));
        assertEquals(
          closed_at[0],
          new Date((1_700_000_000 + 5 * FIRST) * 1000).toISOString().replace(".000Z", "+00:00"),
        );
        assertEquals(closed_at.length, 31);
      } finally {
        await Deno.remove(path, { recursive: true });
      }
    },
  });
}

for (const partitionBy of ["none", "asset_code"] as const) {
  Deno.test({
    name:
      `a table partitioned by ${partitionBy} is read from its checkpoint, without the commits before it`,
    ignore: absent,
    async fn() {
      const path = await Deno.makeTempDir();
      try {
        const last = FIRST + 110;
        await write(path, partitionBy, last, 1);
        const log = `${path}/ttp_event/_delta_log`;
        const hint = JSON.parse(await Deno.readTextFile(`${log}/_last_checkpoint`));
        assertEquals(hint.version, 100);
        for await (const { name } of Deno.readDir(log)) {
          const version = Number(/^(\d{20})\.json$/.exec(name)?.[1] ?? Infinity);
          if (version < hint.version) await Deno.rename(`${log}/${name}`, `${path}/${name}`);
        }
        checkViews(await read(path), last);
        // The sink itself goes on from there.
        await write(path, partitionBy, last + 5, 1);
        checkViews(await read(path), last + 5);
      } finally {
        await Deno.remove(path, { recursive: true });
      }
    },
  });
}
