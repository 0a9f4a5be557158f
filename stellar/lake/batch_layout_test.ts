import { assertEquals } from "@std/assert";
import { BatchLayout, parseBatchName, parsePartitionName } from "./batch_layout.ts";

const pubnet = new BatchLayout({ ledgersPerBatch: 1, batchesPerPartition: 64_000 });

Deno.test("a ledger of the public lake has the key that lake gives it", () => {
  assertEquals(pubnet.batchAt(63092987), {
    startSequence: 63092987,
    endSequence: 63092987,
    key: "FC3E15FF--63040000-63103999/FC3D4704--63092987.xdr.zst",
  });
  assertEquals(pubnet.batchAt(2).key, "FFFFFFFF--0-63999/FFFFFFFD--2.xdr.zst");
});

Deno.test("batches of 64 are aligned to 0, or begin at 2 where the lake counts so", () => {
  const aligned = new BatchLayout({ ledgersPerBatch: 64, batchesPerPartition: 10 });
  assertEquals(aligned.batchAt(2).key, "FFFFFFFF--0-639/FFFFFFFF--0-63.xdr.zst");
  assertEquals(aligned.batchAt(64).key, "FFFFFFFF--0-639/FFFFFFBF--64-127.xdr.zst");
  assertEquals(aligned.batchAt(640).key, "FFFFFD7F--640-1279/FFFFFD7F--640-703.xdr.zst");
  const fromTwo = new BatchLayout({ ledgersPerBatch: 64, batchesPerPartition: 10, origin: 2 });
  assertEquals(fromTwo.batchAt(2).key, "FFFFFFFD--2-641/FFFFFFFD--2-65.xdr.zst");
  assertEquals(fromTwo.batchAt(65).startSequence, 2);
  assertEquals(fromTwo.batchAt(66).startSequence, 66);
});

Deno.test("where a partition holds one batch there are no partition folders", () => {
  const flat = new BatchLayout({
    ledgersPerBatch: 1,
    batchesPerPartition: 1,
    extension: ".xdr.zstd",
  });
  assertEquals(flat.batchAt(53312000).key, "FCD285FF--53312000.xdr.zstd");
  assertEquals(flat.partitionAt(53312000), "");
});

Deno.test("every key that is written reads back to its ledgers, in all layouts", () => {
  for (const ledgersPerBatch of [1, 2, 64, 1000]) {
    for (const origin of [0, 2] as const) {
      const layout = new BatchLayout({ ledgersPerBatch, batchesPerPartition: 7, origin });
      for (const sequence of [2, 63, 64, 65, 66, 999, 1000, 4_294_000_000]) {
        const { key, startSequence, endSequence } = layout.batchAt(sequence);
        const [partition, name] = key.split("/") as [string, string];
        assertEquals(startSequence <= sequence && sequence <= endSequence, true);
        assertEquals(parseBatchName(name), { startSequence, endSequence, extension: ".xdr.zst" });
        const range = parsePartitionName(partition)!;
        assertEquals(
          range.startSequence <= startSequence && endSequence <= range.endSequence,
          true,
        );
      }
    }
  }
});

Deno.test("a name that only looks like one is none", () => {
  for (
    const name of [
      "",
      "FCD285FF--53312000",
      "FCD285FF--53312000.xdr",
      "FCD285FF--53312000.xdr.zst.tmp",
      "fcd285ff--53312000.xdr.zst",
      "FCD285FE--53312000.xdr.zst",
      "FCD285FF--053312000.xdr.zst",
      "FFFFFFBF--64-63.xdr.zst",
      "FFFFFFFF--0-99999999999.xdr.zst",
      ".partial-FCD285FF--53312000.xdr.zst",
    ]
  ) assertEquals(parseBatchName(name), undefined, name);
  for (const name of ["FFFFFFFF--0", "FFFFFFFE--0-63", "FFFFFFFF--0-63/", "_delta_log"]) {
    assertEquals(parsePartitionName(name), undefined, name);
  }
});
