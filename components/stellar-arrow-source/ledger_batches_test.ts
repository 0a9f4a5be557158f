import { assertEquals, assertRejects } from "@std/assert";
import type { RecordBatch } from "apache-arrow";
import { stellarLedgerSchema } from "../../arrow/mod.ts";
import type { FlightBatch } from "../../flight/mod.ts";
import { LedgerIndex, ledgerRow, networkId } from "../../stellar/mod.ts";
import { decodeBatch, encodeBatch, type Lake, LakeError } from "../../stellar/lake/mod.ts";
import { SIMULATED_PASSPHRASE } from "../../stellar/simulated/mod.ts";
import { BadLedgerError } from "./bad_ledger_error.ts";
import { ledgerBatches, type LedgerBatchOptions } from "./ledger_batches.ts";
import { Quarantine } from "./quarantine.ts";
import { TestLake } from "./_test_lake.ts";

const options: LedgerBatchOptions = {
  schema: stellarLedgerSchema,
  networkId: networkId(SIMULATED_PASSPHRASE),
  batchSize: 5,
  compressed: false,
  verify: "full",
  allowGaps: false,
};

async function batchesOf(
  lake: Lake,
  start: number,
  end: number,
  changed: Partial<LedgerBatchOptions> = {},
): Promise<FlightBatch[]> {
  const batches: FlightBatch[] = [];
  const signal = new AbortController().signal;
  for await (
    const batch of ledgerBatches(lake, { start, end }, { ...options, ...changed }, signal)
  ) {
    batches.push(batch);
  }
  return batches;
}

function column(batches: FlightBatch[], name: string): unknown[] {
  return batches.flatMap(({ batch }) => [...batch.getChild(name)!]);
}

function ranges(batches: FlightBatch[]): [number, number][] {
  return batches.map(({ metadata }) => [metadata.first_ledger, metadata.last_ledger]);
}

Deno.test("every row has the facts of its ledger, and its XDR byte for byte", async () => {
  await using test = await TestLake.create(2, 13);
  const lake = await test.open();
  const batches = await batchesOf(lake, 3, 12);
  assertEquals(ranges(batches), [[3, 7], [8, 12]]);
  assertEquals(batches.map(({ metadata }) => metadata.tip), [13, 13]);
  const index = new LedgerIndex();
  for (const { batch } of batches) {
    for (let i = 0; i < batch.numRows; i++) {
      const at = (name: string) => batch.getChild(name)!.get(i);
      const ledger = test.ledgers.get(at("sequence"))!;
      index.read(ledger);
      const row = ledgerRow(index, options.networkId);
      assertEquals(at("ledger_xdr"), ledger);
      assertEquals(at("ledger_xdr_encoding"), "xdr");
      assertEquals(at("hash").toHex(), row.hash);
      assertEquals(at("previous_hash").toHex(), row.previous_hash);
      assertEquals(at("network_id").toHex(), row.network_id);
      assertEquals(microsAt(batch, "closed_at", i), BigInt(index.closeTime) * 1_000_000n);
      for (
        const name of [
          "protocol_version",
          "transaction_count",
          "successful_transaction_count",
          "failed_transaction_count",
          "operation_count",
          "soroban_transaction_count",
          "base_fee",
          "base_reserve",
          "max_tx_set_size",
        ] as const
      ) assertEquals(at(name), row[name], name);
      for (const name of ["total_coins", "fee_pool", "total_fees"] as const) {
        assertEquals(String(at(name)), row[name], name);
      }
    }
  }
});

Deno.test("compressed, a ledger of a file of its own travels as it is stored, another as one ledger", async () => {
  for (const ledgersPerBatch of [1, 4]) {
    await using test = await TestLake.create(4, 11, { ledgersPerBatch });
    const batches = await batchesOf(await test.open(), 5, 11, { compressed: true });
    assertEquals(column(batches, "ledger_xdr_encoding"), Array(7).fill("sep54"));
    for (const [i, stored] of (column(batches, "ledger_xdr") as Uint8Array[]).entries()) {
      const sequence = 5 + i;
      const { ledgers, startSequence } = decodeBatch(stored, { requireZstd: true });
      assertEquals([startSequence, ledgers.length], [sequence, 1]);
      assertEquals(ledgers[0], test.ledgers.get(sequence));
      if (ledgersPerBatch === 1) assertEquals(stored, await Deno.readFile(test.path(sequence)));
    }
  }
});

Deno.test("a batch is cut before it would grow past 4 MiB, whatever BATCH_SIZE says", async () => {
  await using test = await TestLake.create(2, 13, { transactionsPerLedger: 300 });
  const batches = await batchesOf(await test.open(), 2, 13, { batchSize: 1000 });
  assertEquals(batches.length > 1, true);
  assertEquals(column(batches, "sequence"), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
  for (const { batch } of batches) {
    const bytes =
      (column([{ batch, metadata: batches[0]!.metadata }], "ledger_xdr") as Uint8Array[])
        .reduce((sum, ledger) => sum + ledger.length, 0);
    assertEquals(bytes <= 4 * 1024 * 1024, true);
  }
});

Deno.test("at the tip a ledger is sent at once, not when a batch is full", async () => {
  await using test = await TestLake.create(2, 9);
  await Deno.remove(test.path(9));
  await Deno.remove(test.path(8));
  const waits: number[] = [];
  const lake = await test.open({
    clock: {
      monotonic: () => 0,
      sleep: () => {
        waits.push(7 + waits.length + 1);
        return test.write(waits.at(-1)!, waits.at(-1)!);
      },
    },
  });
  assertEquals(ranges(await batchesOf(lake, 2, 9)), [[2, 6], [7, 7], [8, 8], [9, 9]]);
  assertEquals(waits, [8, 9]);
});

Deno.test("a ledger that does not decode ends the stream with its number, file and reason", async () => {
  await using test = await TestLake.create(2, 9);
  // The batch file is whole, the ledger in it is not: it lacks its last bytes.
  await Deno.writeFile(test.path(5), encodeBatch(5, [test.ledgers.get(5)!.slice(0, -4)]));
  const lake = await test.open();
  const read: FlightBatch[] = [];
  const error = await assertRejects(
    async () => {
      const signal = new AbortController().signal;
      for await (const batch of ledgerBatches(lake, { start: 2 }, options, signal)) {
        read.push(batch);
      }
    },
    BadLedgerError,
    "Ledger 5 in ",
  ) as BadLedgerError;
  assertEquals(error.message.includes("FFFFFFFA--5.xdr.zst is damaged: LedgerCloseMeta"), true);
  // What came before it, in the same batch but for that, has been sent.
  assertEquals(ranges(read), [[2, 4]]);
});

Deno.test("a ledger of another network ends the stream, and so does one that does not link", async () => {
  await using test = await TestLake.create(2, 9);
  const lake = await test.open();
  await assertRejects(
    () => batchesOf(lake, 2, 9, { networkId: networkId("another ; network") }),
    BadLedgerError,
    "network passphrase",
  );
  const changed = test.ledgers.get(6)!.slice();
  const index = new LedgerIndex();
  index.read(changed);
  changed[index.hashAt] = changed[index.hashAt]! ^ 1;
  await Deno.writeFile(test.path(6), encodeBatch(6, [changed]));
  await assertRejects(() => batchesOf(lake, 2, 9), BadLedgerError, "Ledger 6 states");
  assertEquals((await batchesOf(lake, 2, 9, { verify: "off" })).length, 2);
});

Deno.test("in quarantine a bad ledger leaves bytes and reason, and the batches still cover the range", async () => {
  await using test = await TestLake.create(2, 12);
  await Deno.writeFile(test.path(5), encodeBatch(5, [test.ledgers.get(5)!.slice(0, -4)]));
  await Deno.writeFile(test.path(8), new Uint8Array([1, 2, 3]));
  const dir = `${test.dir}/quarantine`;
  const quarantine = new Quarantine(dir);
  const told: [number, number][] = [];
  const onBadLedgers = (first: number, last: number) => void told.push([first, last]);
  const changed = { quarantine, onBadLedgers };
  const batches = await batchesOf(await test.open(), 2, 12, changed);
  assertEquals(column(batches, "sequence"), [2, 3, 4, 6, 7, 9, 10, 11, 12]);
  assertEquals(ranges(batches), [[2, 6], [7, 11], [12, 12]]);
  assertEquals(batches.map(({ metadata }) => metadata["quarantined"]), [
    [[5, 5]],
    [[8, 8]],
    undefined,
  ]);
  assertEquals(told, [[5, 5], [8, 8]]);
  assertEquals(await Deno.readFile(`${dir}/5.xdr`), test.ledgers.get(5)!.slice(0, -4));
  assertEquals(
    (await Deno.readTextFile(`${dir}/5.xdr.reason.txt`)).startsWith("Ledger 5 in "),
    true,
  );
  const names = [...Deno.readDirSync(dir)].map((entry) => entry.name).sort();
  assertEquals(names, [
    "5.xdr",
    "5.xdr.reason.txt",
    "FFFFFFFF--0-9_FFFFFFF7--8.xdr.zst",
    "FFFFFFFF--0-9_FFFFFFF7--8.xdr.zst.reason.txt",
  ]);
  assertEquals(quarantine.total, 2);
  await batchesOf(await test.open(), 2, 12, changed);
  assertEquals(quarantine.total, 2);
});

Deno.test("a run of bad files is sent on as it is read, as ranges, and its end at the tip at once", async () => {
  await using test = await TestLake.create(4, 31, { ledgersPerBatch: 4 });
  for (const first of [8, 12, 16, 20, 28]) {
    await Deno.writeFile(test.path(first), new Uint8Array(3));
  }
  const quarantine = new Quarantine(`${test.dir}/quarantine`);
  let now = 0;
  const sleep = (ms: number) => Promise.resolve(void (now += ms));
  const lake = await test.open({ clock: { monotonic: () => now, sleep } });
  const batches = await batchesOf(lake, 4, 31, { quarantine, batchSize: 8 });
  assertEquals(ranges(batches), [[4, 11], [12, 19], [20, 27], [28, 31]]);
  assertEquals(batches.map(({ metadata }) => metadata["quarantined"]), [
    [[8, 11]],
    [[12, 19]],
    [[20, 23]],
    [[28, 31]],
  ]);
  assertEquals(column(batches, "sequence"), [4, 5, 6, 7, 24, 25, 26, 27]);
  assertEquals(quarantine.total, 20);
  // A reader that follows gets the batch of the bad newest file before the next one is there.
  const abort = new AbortController();
  const following = ledgerBatches(lake, { start: 29 }, { ...options, quarantine }, abort.signal);
  const { metadata } = (await following.next()).value!;
  assertEquals([metadata.first_ledger, metadata.last_ledger], [29, 31]);
  await following.return();
  assertEquals(quarantine.total, 20);
});

Deno.test("a ledger of valid XDR with a close time beyond all bounds is a bad ledger as others are", async () => {
  await using test = await TestLake.create(2, 8);
  const index = new LedgerIndex();
  const changed = test.ledgers.get(5)!.slice();
  index.read(changed);
  new DataView(changed.buffer).setBigUint64(index.header.scpValue + 32, 2n ** 63n);
  await Deno.writeFile(test.path(5), encodeBatch(5, [changed]));
  const lake = await test.open();
  await assertRejects(
    () => batchesOf(lake, 2, 8, { verify: "off" }),
    BadLedgerError,
    "Ledger 5: its close time",
  );
  const quarantine = new Quarantine(`${test.dir}/quarantine`);
  const batches = await batchesOf(lake, 2, 8, { verify: "off", quarantine });
  assertEquals(column(batches, "sequence"), [2, 3, 4, 6, 7, 8]);
  assertEquals(quarantine.total, 1);
});

Deno.test("a quarantine that cannot be written does not let a bad ledger pass", async () => {
  await using test = await TestLake.create(2, 12);
  await Deno.writeFile(test.path(8), new Uint8Array([1, 2, 3]));
  await Deno.writeTextFile(`${test.dir}/file`, "");
  const quarantine = new Quarantine(`${test.dir}/file/quarantine`);
  await assertRejects(async () => await batchesOf(await test.open(), 2, 12, { quarantine }));
});

Deno.test("ledgers that the lake lacks end the stream, or are named by the batch that covers them", async () => {
  await using test = await TestLake.create(2, 20);
  for (const sequence of [4, 5, 19]) await Deno.remove(test.path(sequence));
  const lake = await test.open();
  const error = await assertRejects(() => batchesOf(lake, 2, 20), LakeError) as LakeError;
  assertEquals([error.code, error.sequence], ["gap", 4]);
  const batches = await batchesOf(lake, 2, 20, { allowGaps: true, batchSize: 10 });
  assertEquals(ranges(batches), [[2, 11], [12, 20]]);
  assertEquals(batches.map(({ metadata }) => metadata["missing"]), [[[4, 5]], [[19, 19]]]);
  assertEquals(ranges(await batchesOf(lake, 18, 19, { allowGaps: true })), [[18, 19]]);
});

function microsAt(batch: RecordBatch, name: string, row: number): bigint {
  return (batch.getChild(name)!.data[0]!.values as BigInt64Array)[row]!;
}
