import { assertEquals, assertRejects } from "@std/assert";
import { encodeBatch } from "./batch_file.ts";
import { BatchLayout } from "./batch_layout.ts";
import { FilesystemLake } from "./filesystem_lake.ts";
import { Lake, type LakeBatch, type LakeOptions, type ReadLakeOptions } from "./lake.ts";
import type { LakeClock } from "./lake_clock.ts";
import { LakeError } from "./lake_error.ts";
import { FolderStorage, type LakeStorage, MAX_STORED_BYTES } from "./lake_storage.ts";
import { testLedger } from "./_test_ledger.ts";

/** Time that goes on by one sleep at a time, when nothing else is left to do. */
class StepClock implements LakeClock {
  #now = 0;
  sleeps = 0;
  /** Called before each sleep ends, to change the world meanwhile. */
  onSleep: (sleeps: number) => void = () => {};
  monotonic(): number {
    return this.#now;
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.onSleep(++this.sleeps);
    await Promise.resolve();
    signal?.throwIfAborted();
    this.#now += ms;
  }
}

/** A store in memory that counts what is asked of it. */
class MemoryStorage implements LakeStorage {
  readonly where = "memory";
  readonly files = new Map<string, Uint8Array>();
  readonly asked = { read: 0, stat: 0, list: 0 };
  reading = 0;
  mostReading = 0;
  async read(key: string): Promise<Uint8Array | undefined> {
    this.asked.read++;
    this.mostReading = Math.max(this.mostReading, ++this.reading);
    await Promise.resolve();
    this.reading--;
    return this.files.get(key);
  }
  stat(key: string) {
    this.asked.stat++;
    const file = this.files.get(key);
    return Promise.resolve(file && { sizeBytes: file.length, modified: 0 });
  }
  list(folder: string): Promise<string[]> {
    this.asked.list++;
    const prefix = folder === "" ? "" : `${folder}/`;
    const names = [...this.files.keys()].filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length).split("/")[0]!);
    return Promise.resolve([...new Set(names)]);
  }
}

const single = new BatchLayout({ ledgersPerBatch: 1, batchesPerPartition: 10 });

/** Puts the batches that hold the ledgers from first to last. */
function put(storage: MemoryStorage, layout: BatchLayout, first: number, last: number): void {
  for (let at = first; at <= last;) {
    const { key, endSequence } = layout.batchAt(at);
    const ledgers = [];
    for (let sequence = at; sequence <= endSequence; sequence++) ledgers.push(testLedger(sequence));
    storage.files.set(key, encodeBatch(at, ledgers));
    at = endSequence + 1;
  }
}

async function open(storage: MemoryStorage, options: Partial<LakeOptions> = {}) {
  const clock = new StepClock();
  return { clock, lake: await Lake.over(storage, { clock, ...options }) };
}

async function sequences(
  lake: Lake,
  startSequence: number,
  endSequence: number,
  options?: ReadLakeOptions,
): Promise<number[]> {
  const read: number[] = [];
  for await (const batch of lake.read({ startSequence, endSequence }, options)) {
    batch.ledgers.forEach((_, i) => read.push(batch.startSequence + i));
  }
  return read;
}

function from(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function code(expected: string) {
  return (error: unknown) => assertEquals((error as LakeError).code, expected);
}

Deno.test("a lake of any layout is found out from its names alone, and read in order", async () => {
  for (const ledgersPerBatch of [1, 4, 64]) {
    for (const batchesPerPartition of [1, 3, 100]) {
      for (const origin of [0, 2] as const) {
        for (const extension of [".xdr.zst", ".xdr.zstd"] as const) {
          const layout = new BatchLayout({
            ledgersPerBatch,
            batchesPerPartition,
            origin,
            extension,
          });
          const storage = new MemoryStorage();
          put(storage, layout, 2, 300);
          const { lake } = await open(storage);
          const last = layout.batchAt(300).endSequence;
          assertEquals(await lake.bounds(), { first: 2, last });
          assertEquals(await sequences(lake, 2, last), from(2, last));
        }
      }
    }
  }
});

Deno.test("the description decides where it is there, and names that do not fit it are refused", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 50, 69);
  const describe = (batchesPerPartition: number) =>
    storage.files.set(
      ".config.json",
      new TextEncoder().encode(JSON.stringify({
        networkPassphrase: "Test ; 1",
        ledgersPerBatch: 1,
        batchesPerPartition,
      })),
    );
  describe(10);
  const { lake } = await open(storage);
  assertEquals(lake.config?.networkPassphrase, "Test ; 1");
  assertEquals(await lake.bounds(), { first: 50, last: 69 });
  describe(64_000);
  code("config")(await assertRejects(() => open(storage), LakeError, "do not fit 1 ledgers"));
});

Deno.test("files are read ahead, no more at once than there are readers", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 2, 60);
  for (const readAhead of [0, 3, 10]) {
    const { lake } = await open(storage, { readers: 3, readAhead });
    storage.mostReading = 0;
    assertEquals(await sequences(lake, 2, 60), from(2, 60));
    assertEquals(storage.mostReading, 3);
  }
});

Deno.test("a range may begin and end inside batches", async () => {
  const layout = new BatchLayout({ ledgersPerBatch: 8, batchesPerPartition: 2 });
  const storage = new MemoryStorage();
  put(storage, layout, 2, 63);
  const { lake } = await open(storage);
  assertEquals(await sequences(lake, 12, 20), from(8, 23));
  assertEquals(await sequences(lake, 12, 12), from(8, 15));
});

Deno.test("at the tip it waits for what comes, looking at one name at a time", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 2, 8);
  const { lake, clock } = await open(storage);
  // One ledger for every third look; 9 to 12 begin a new partition on the way.
  clock.onSleep = (sleeps) => {
    if (sleeps % 3 === 0) put(storage, single, 8 + sleeps / 3, 8 + sleeps / 3);
  };
  storage.asked.list = 0;
  storage.asked.stat = 0;
  assertEquals(await sequences(lake, 2, 12), from(2, 12));
  assertEquals(clock.sleeps, 12);
  assertEquals(storage.asked.list, 0);
  assertEquals(storage.asked.stat < 40, true);
});

Deno.test("an empty lake is waited for, and its layout found when the first file comes", async () => {
  const storage = new MemoryStorage();
  const { lake, clock } = await open(storage);
  assertEquals(await lake.bounds(), undefined);
  clock.onSleep = (sleeps) => {
    if (sleeps === 5) put(storage, single, 30, 33);
  };
  assertEquals(await sequences(lake, 31, 33), from(31, 33));
});

Deno.test("ledgers before the first are refused with the first one's number", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 30, 33);
  const { lake } = await open(storage);
  code("before_first")(
    await assertRejects(() => sequences(lake, 29, 33), LakeError, "Ledger 29 is before the first"),
  );
});

Deno.test("a gap stops with the ledger's number and the way on, and is stepped over when allowed", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 2, 40);
  for (const missing of [7, 8, 9, 10, 11, 25]) storage.files.delete(single.batchAt(missing).key);
  const { lake } = await open(storage);
  const read: number[] = [];
  const error = await assertRejects(
    async () => {
      for await (const batch of lake.read({ startSequence: 2 })) read.push(batch.startSequence);
    },
    LakeError,
    "Ledgers 7 to 11 are missing in memory, and 12 is there",
  ) as LakeError;
  assertEquals([error.code, error.sequence, error.isFinal], ["gap", 7, true]);
  assertEquals(error.message.includes("--allow-gaps"), true);
  assertEquals(read, from(2, 6));
  assertEquals(await sequences(lake, 2, 40, { allowGaps: true }), [
    ...from(2, 6),
    ...from(12, 24),
    ...from(26, 40),
  ]);
  assertEquals(await sequences(lake, 5, 9, { allowGaps: true }), [5, 6]);
});

Deno.test("a gap behind the tip is noticed although only a listing can show it", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 2, 5);
  const { lake, clock } = await open(storage);
  clock.onSleep = (sleeps) => {
    if (sleeps === 3) put(storage, single, 8, 9);
  };
  await assertRejects(() => sequences(lake, 2, 9), LakeError, "Ledgers 6 to 7 are missing");
});

Deno.test("a torn file at the tip is read again until it is whole", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 2, 9);
  const { key } = single.batchAt(9);
  const whole = storage.files.get(key)!;
  storage.files.set(key, whole.slice(0, 20));
  const torn: string[] = [];
  const { lake, clock } = await open(storage, { onTornTip: (path) => torn.push(path) });
  clock.onSleep = (sleeps) => {
    if (sleeps === 200) storage.files.set(key, whole.slice(0, 30));
    if (sleeps === 400) storage.files.set(key, whole);
  };
  assertEquals(await sequences(lake, 2, 9), from(2, 9));
  assertEquals(clock.sleeps, 400);
  assertEquals(torn, [`memory/${key}`, `memory/${key}`]);
});

Deno.test("a torn file at the tip that nobody touches for half a minute is an error with its name", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 2, 9);
  const { key } = single.batchAt(9);
  storage.files.set(key, storage.files.get(key)!.slice(0, 20));
  const { lake, clock } = await open(storage);
  const error = await assertRejects(() => sequences(lake, 2, 9), LakeError, key) as LakeError;
  assertEquals([error.code, error.sequence], ["batch", 9]);
  assertEquals(clock.monotonic(), 30_000);
});

Deno.test("a damaged file before the tip is an error at once, with name, ledger and what to do", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 2, 9);
  const { key } = single.batchAt(6);
  for (
    const [bytes, said] of [
      [new Uint8Array(0), "empty"],
      [new TextEncoder().encode("<html>not found</html>"), "not zstd"],
      [storage.files.get(key)!.slice(0, -5), "cut short"],
      [storage.files.get(single.batchAt(7).key)!, "holds ledgers 7 to 7"],
    ] as const
  ) {
    storage.files.set(key, bytes);
    const { lake, clock } = await open(storage);
    const error = await assertRejects(() => sequences(lake, 2, 9), LakeError, said) as LakeError;
    assertEquals([error.code, error.sequence], ["batch", 6]);
    assertEquals(error.message.includes(`memory/${key}`), true);
    assertEquals(clock.sleeps, 0);
  }
});

Deno.test("a reading that asks for bad files gets them with their errors, and goes on after them", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 2, 9);
  for (const sequence of [4, 9]) storage.files.set(single.batchAt(sequence).key, new Uint8Array(3));
  const { lake } = await open(storage);
  const read: string[] = [];
  for await (
    const { key, stored, ledgers, error, startSequence } of lake.read({
      startSequence: 3,
      endSequence: 9,
    }, { yieldBad: true })
  ) {
    read.push(error === undefined ? `${startSequence}` : `${key} ${stored.length} ${error.code}`);
    assertEquals(ledgers.length, error === undefined ? 1 : 0);
  }
  const bad = (sequence: number) => `${single.batchAt(sequence).key} 3 batch`;
  assertEquals(read, ["3", bad(4), "5", "6", "7", "8", bad(9)]);
});

Deno.test("a reading that does not wait ends at the tip, and finds a torn newest file bad at once", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 2, 9);
  const { lake, clock } = await open(storage);
  assertEquals(await sequences(lake, 7, 20, { waitAtTip: false }), [7, 8, 9]);
  storage.files.set(single.batchAt(9).key, new Uint8Array(3));
  await assertRejects(() => sequences(lake, 7, 20, { waitAtTip: false }), LakeError, "damaged");
  storage.files.delete(single.batchAt(9).key);
  assertEquals(await sequences(lake, 7, 20, { waitAtTip: false }), [7, 8]);
  const { lake: empty } = await open(new MemoryStorage());
  assertEquals(await sequences(empty, 2, 20, { waitAtTip: false }), []);
  assertEquals(clock.sleeps, 0);
});

Deno.test("a lake of both kinds of names is one lake, also where the newest is of the other kind", async () => {
  const older = new BatchLayout({
    ledgersPerBatch: 1,
    batchesPerPartition: 10,
    extension: ".xdr.zstd",
  });
  const storage = new MemoryStorage();
  put(storage, older, 2, 8);
  put(storage, single, 9, 14);
  put(storage, older, 15, 15);
  const { lake, clock } = await open(storage);
  clock.onSleep = (sleeps) =>
    put(storage, sleeps % 2 === 0 ? older : single, 15 + sleeps, 15 + sleeps);
  storage.asked.list = 0;
  const keys: string[] = [];
  for await (const { key } of lake.read({ startSequence: 2, endSequence: 18 })) keys.push(key);
  assertEquals(
    keys,
    from(2, 18).map((sequence) =>
      (sequence < 9 || sequence === 15 || sequence === 17 ? older : single).batchAt(sequence).key
    ),
  );
  assertEquals(storage.asked.list, 0);
});

Deno.test("many gaps of a partition cost one listing of it, and later ones another", async () => {
  const storage = new MemoryStorage();
  const layout = new BatchLayout({ ledgersPerBatch: 1, batchesPerPartition: 100 });
  for (let sequence = 2; sequence < 250; sequence += 2) put(storage, layout, sequence, sequence);
  const { lake } = await open(storage);
  storage.asked.list = 0;
  const even = from(2, 248).filter((sequence) => sequence % 2 === 0);
  assertEquals(await sequences(lake, 2, 248, { allowGaps: true }), even);
  // For each of three partitions the root, it, and what is left of the one before.
  assertEquals(storage.asked.list <= 9, true);
});

Deno.test("an abort ends the waiting with its reason", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 2, 4);
  const { lake, clock } = await open(storage);
  const abort = new AbortController();
  clock.onSleep = (sleeps) => {
    if (sleeps === 4) abort.abort(new Error("stopped"));
  };
  await assertRejects(() => sequences(lake, 2, 9, { signal: abort.signal }), Error, "stopped");
});

Deno.test("several readings of one lake do not disturb each other", async () => {
  const storage = new MemoryStorage();
  put(storage, single, 2, 90);
  const { lake } = await open(storage);
  const ranges = [[2, 90], [50, 70], [2, 10], [89, 90]] as const;
  const read = await Promise.all(ranges.map(([first, last]) => sequences(lake, first, last)));
  assertEquals(read, ranges.map(([first, last]) => from(first, last)));
});

Deno.test("a folder that is not there is refused with its name", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const error = await assertRejects(
      () => FilesystemLake.open(`${dir}/nowhere`, { clock: new StepClock() }),
      LakeError,
      `${dir}/nowhere`,
    ) as LakeError;
    // Somebody may still make it, or mount it.
    assertEquals([error.code, error.isFinal], ["not_found", false]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a file that is a folder, or far too large to be a batch, is refused with its path", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const storage = new FolderStorage(dir);
    await Deno.mkdir(`${dir}/folder`);
    // A sparse file: it takes no room on the disk.
    using file = await Deno.open(`${dir}/huge`, { write: true, create: true });
    await file.truncate(MAX_STORED_BYTES + 1);
    for (const name of ["folder", "huge"]) {
      code("io")(await assertRejects(() => storage.read(name), LakeError, `${dir}/${name}`));
    }
    assertEquals(await storage.read("nothing"), undefined);
    assertEquals(await storage.stat("nothing"), undefined);
    assertEquals(await storage.list("nothing"), undefined);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

const realLake = new URL("../../../shared/golden-real/lake", import.meta.url);

Deno.test({
  name: "the real lake of ten ledgers is read from its folder, as stored and decompressed",
  ignore: !isFolder(realLake),
  async fn() {
    const lake = await FilesystemLake.open(realLake.pathname, { clock: new StepClock() });
    assertEquals(await lake.bounds(), { first: 63092982, last: 63092991 });
    const batches: LakeBatch[] = [];
    for await (const batch of lake.read({ startSequence: 63092982, endSequence: 63092991 })) {
      batches.push(batch);
    }
    assertEquals(batches.map((batch) => batch.startSequence), from(63092982, 63092991));
    for (const { key, stored } of batches) {
      assertEquals(stored, await Deno.readFile(`${realLake.pathname}/${key}`));
    }
  },
});

function isFolder(url: URL): boolean {
  try {
    return Deno.statSync(url).isDirectory;
  } catch {
    return false;
  }
}
