import { assertEquals } from "@std/assert";
import { appendArrow, RowBatch, TTP_EVENT_FIELDS } from "../rows/mod.ts";
import { sampleBatch } from "../testing/mod.ts";
import { uuid5 } from "./identity.ts";
import {
  decodePath,
  encodePath,
  hiveEscape,
  type PartitionBy,
  Partitioning,
} from "./partitioning.ts";

Deno.test("folders are escaped as Hive does, and paths URL-encoded once more", () => {
  const cases: [string | null, string, string][] = [
    ["USDC", "asset_code=USDC", "asset_code=USDC"],
    ["A/B", "asset_code=A%2FB", "asset_code=A%252FB"],
    ["50%", "asset_code=50%25", "asset_code=50%2525"],
    ["a b", "asset_code=a b", "asset_code=a%20b"],
    ["Ä", "asset_code=Ä", "asset_code=%C3%84"],
    ["x\u0001", "asset_code=x%01", "asset_code=x%2501"],
    ["a=b", "asset_code=a%3Db", "asset_code=a%253Db"],
    [null, "asset_code=__HIVE_DEFAULT_PARTITION__", "asset_code=__HIVE_DEFAULT_PARTITION__"],
  ];
  for (const [value, folder, path] of cases) {
    assertEquals(`asset_code=${hiveEscape(value)}`, folder);
    assertEquals(encodePath(`${folder}/f.parquet`), `${path}/f.parquet`);
    assertEquals(decodePath(encodePath(folder)), folder);
  }
});

Deno.test("rows are told apart by their partition's columns", () => {
  const rows = new RowBatch(TTP_EVENT_FIELDS);
  // Ledger 4,000 closes at 2023-11-15T03:46:40Z, 720 ledgers an hour.
  for (const ledger of [4_000, 4_158, 4_160]) appendArrow(rows, sampleBatch(ledger, ledger).batch);
  const partitions = (by: PartitionBy) => {
    const partitioning = new Partitioning(by, TTP_EVENT_FIELDS);
    const found: string[] = [];
    for (let at = 0; at < rows.rows;) {
      const end = partitioning.runEnd(rows, at, rows.rows);
      found.push(`${partitioning.folderOf(partitioning.valuesOf(rows, at))} ${end - at}`);
      at = end;
    }
    return found;
  };
  assertEquals(partitions("none"), [" 9"]);
  // The hours of a day are runs of their own, of the same folder.
  assertEquals(partitions("date"), ["date=2023-11-15 6", "date=2023-11-15 3"]);
  assertEquals(partitions("hour"), ["date=2023-11-15/hour=3 6", "date=2023-11-15/hour=4 3"]);
  assertEquals(partitions("event_type").slice(0, 3), [
    "event_type=transfer 1",
    "event_type=mint 1",
    "event_type=burn 1",
  ]);
});

Deno.test("ids are name-based: the same table has the same one everywhere", async () => {
  const id = await uuid5("Test SDF Network ; September 2015\nttp_event");
  assertEquals(id, await uuid5("Test SDF Network ; September 2015\nttp_event"));
  assertEquals(
    /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id),
    true,
  );
  assertEquals(id === await uuid5("Test SDF Network ; September 2015\nledger"), false);
});
