import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Networks } from "../../stellar/mod.ts";
import {
  encodeBatch,
  FilesystemLake,
  FolderStorage,
  Lake,
  LakeError,
} from "../../stellar/lake/mod.ts";
import { SIMULATED_PASSPHRASE } from "../../stellar/simulated/mod.ts";
import { BadLedgerError } from "./bad_ledger_error.ts";
import { detectNetwork, NetworkError } from "./network_detection.ts";
import { stillClock, TestLake } from "./_test_lake.ts";

const golden = new URL("../../tests/conformance/golden/", import.meta.url);

/** A lake of testnet ledgers without a description, as older lakes are. */
async function testnetLake(dir: string): Promise<FilesystemLake> {
  const file = await Deno.readFile(new URL("batch-4000000.xdr.zstd", golden));
  // 4000000 to 4000004, named as a lake of five ledgers a batch does.
  await Deno.writeFile(`${dir}/FFC2F6FF--4000000-4000004.xdr.zstd`, file);
  return FilesystemLake.open(dir, { clock: stillClock });
}

/** A lake without a description, of ledgers 2 to `last`. */
async function undescribedLake(last: number): Promise<TestLake> {
  const test = await TestLake.create(2, last);
  await Deno.remove(`${test.dir}/.config.json`);
  return test;
}

async function code(promise: Promise<string>, said: string): Promise<string> {
  const error = await assertRejects(() => promise, NetworkError, said) as NetworkError;
  return error.code;
}

Deno.test("without a word from anyone, the ledgers' own hashes tell a public network", async () => {
  const dir = await Deno.makeTempDir();
  try {
    assertEquals(await detectNetwork(await testnetLake(dir), []), Networks.testnet);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a passphrase that the hashes contradict is refused, and the right one named", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const lake = await testnetLake(dir);
    const stated = [{ passphrase: Networks.pubnet, by: "NETWORK_PASSPHRASE" }];
    assertEquals(await code(detectNetwork(lake, stated), Networks.testnet), "disagrees");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("what is stated twice must be the same", async () => {
  await using test = await TestLake.create(2, 4);
  const lake = await test.open();
  const own = { passphrase: SIMULATED_PASSPHRASE, by: "the lake's .config.json" };
  assertEquals(await detectNetwork(lake, [own]), SIMULATED_PASSPHRASE);
  assertEquals(
    await detectNetwork(lake, [own, { ...own, by: "NETWORK_PASSPHRASE" }]),
    SIMULATED_PASSPHRASE,
  );
  const other = { passphrase: Networks.testnet, by: "NETWORK_PASSPHRASE" };
  assertEquals(
    await code(detectNetwork(lake, [other, own]), "the lake's .config.json says"),
    "disagrees",
  );
});

Deno.test("a network that is none of the public ones must be stated", async () => {
  await using test = await TestLake.create(2, 4);
  assertEquals(await code(detectNetwork(await test.open(), []), "are not of pubnet"), "unknown");
});

Deno.test("a lake without a ledger that could tell takes what is stated, and needs it", async () => {
  await using empty = await TestLake.create(2, 1);
  const lake = await empty.open();
  assertEquals(await code(detectNetwork(lake, []), "the right folder?"), "unknown");
  assertEquals(await detectNetwork(lake, [{ passphrase: "x", by: "y" }]), "x");
  await using quiet = await TestLake.create(2, 5, { transactionsPerLedger: 0 });
  assertEquals(await code(detectNetwork(await quiet.open(), []), "no ledger with"), "unknown");
});

Deno.test("damaged ledgers at the beginning do not keep the others from telling", async () => {
  await using test = await TestLake.create(2, 8);
  await Deno.writeFile(test.path(2), new Uint8Array(10));
  await Deno.writeFile(test.path(3), encodeBatch(3, [test.ledgers.get(3)!.slice(0, -4)]));
  await Deno.remove(test.path(4));
  const stated = [{ passphrase: Networks.pubnet, by: "NETWORK_PASSPHRASE" }];
  const lake = await test.open();
  assertEquals(await code(detectNetwork(lake, stated), "ledger 5"), "disagrees");
  assertEquals(await code(detectNetwork(lake, stated, { start: 7 }), "ledger 7"), "disagrees");
});

Deno.test("where no ledger can be read, the damage is what is told, with file and reason, at once", async () => {
  await using torn = await undescribedLake(2);
  const whole = await Deno.readFile(torn.path(2));
  await Deno.writeFile(torn.path(2), whole.subarray(0, 50));
  const lakeError = await assertRejects(
    async () => detectNetwork(await torn.open(), []),
    LakeError,
    "Its zstd frame is cut short",
  ) as LakeError;
  assertStringIncludes(lakeError.message, torn.path(2));
  await using broken = await undescribedLake(3);
  for (const sequence of [2, 3]) {
    const cut = broken.ledgers.get(sequence)!.slice(0, -4);
    await Deno.writeFile(broken.path(sequence), encodeBatch(sequence, [cut]));
  }
  const error = await assertRejects(
    async () => detectNetwork(await broken.open(), []),
    BadLedgerError,
    `Ledger 2 in ${broken.path(2)} is damaged`,
  ) as BadLedgerError;
  assertEquals(error.sequence, 2);
  // What is stated serves, and whoever asks for these ledgers is told.
  const stated = [{ passphrase: SIMULATED_PASSPHRASE, by: "NETWORK_PASSPHRASE" }];
  assertEquals(await detectNetwork(await torn.open(), stated), SIMULATED_PASSPHRASE);
});

Deno.test("each ledger is looked at once, and no more once the start is given up", async () => {
  await using test = await TestLake.create(2, 5, { transactionsPerLedger: 0 });
  const read: string[] = [];
  class Watched extends FolderStorage {
    override read(key: string) {
      read.push(key);
      return super.read(key);
    }
  }
  const lake = await Lake.over(new Watched(test.dir), { clock: stillClock });
  read.length = 0;
  assertEquals(await code(detectNetwork(lake, []), "no ledger with"), "unknown");
  assertEquals(read.length, 4);
  const signal = AbortSignal.abort(new Error("stopping"));
  await assertRejects(() => detectNetwork(lake, [], { signal }), Error, "stopping");
  assertEquals(read.length, 4);
});
