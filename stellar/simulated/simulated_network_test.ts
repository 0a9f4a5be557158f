import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { BatchLayout, decodeBatch, LakeError } from "../lake/mod.ts";
import { LedgerSimulator, SimulationError } from "./ledger_simulator.ts";
import { SimulatedNetwork, type SimulatedNetworkOptions } from "./simulated_network.ts";

/** A clock that moves only when the test says so. */
class ManualClock {
  #now = 0;
  readonly #sleepers = new Set<{ until: number; wake: () => void }>();
  #changed: () => void = () => {};

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      }, { once: true });
      this.#changed();
    });
  }

  /** Resolves once somebody sleeps. */
  async asleep(): Promise<void> {
    while (this.#sleepers.size === 0) {
      await new Promise<void>((resolve) => this.#changed = resolve);
    }
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const sleeper of [...this.#sleepers]) {
      if (sleeper.until > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}

const LAYOUT = new BatchLayout({ ledgersPerBatch: 1, batchesPerPartition: 64_000 });

function start(dir: string, more: Partial<SimulatedNetworkOptions> = {}) {
  const clock = new ManualClock();
  const options = { dir, seed: "net", clock, ledgerIntervalMs: 1000, historyLedgers: 10, ...more };
  return { clock, network: SimulatedNetwork.open(options) };
}

function fileOf(dir: string, sequence: number): string {
  return join(dir, LAYOUT.batchAt(sequence).key);
}

/** Asserts that a lake holds exactly the ledgers that an undisturbed simulation gives. */
async function assertUndisturbed(dir: string, last: number): Promise<void> {
  const simulator = new LedgerSimulator({ seed: "net" });
  while (simulator.sequence < last) {
    const ledger = simulator.next();
    const file = await Deno.readFile(fileOf(dir, simulator.sequence));
    assertEquals(decodeBatch(file).ledgers[0], ledger, `ledger ${simulator.sequence}`);
  }
  await assertRejects(() => Deno.stat(fileOf(dir, last + 1)), Deno.errors.NotFound);
}

Deno.test("history is made at once, then one ledger closes each interval", async () => {
  const dir = await Deno.makeTempDir();
  const { clock, network: opening } = start(dir);
  const network = await opening, seen: number[] = [];
  const unsubscribe = network.onLedger((sequence) => seen.push(sequence));
  await network.waitFor(11);
  await clock.asleep();
  assertEquals(network.tip(), 11);
  clock.advance(999);
  assertEquals(network.tip(), 11);
  clock.advance(1);
  await network.waitFor(12);
  await clock.asleep();
  clock.advance(1000);
  await network.waitFor(13);
  unsubscribe();
  await network.stop();
  assertEquals(seen.slice(-4), [10, 11, 12, 13]);
  await network.finished;
  await assertUndisturbed(dir, 13);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("missed intervals are not made up for", async () => {
  const dir = await Deno.makeTempDir();
  const { clock, network: opening } = start(dir);
  await using network = await opening;
  await network.waitFor(11);
  await clock.asleep();
  clock.advance(60_000);
  await network.waitFor(12);
  await clock.asleep();
  assertEquals(network.tip(), 12);
  await network.stop();
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a network that was stopped goes on with the same ledgers", async () => {
  const dir = await Deno.makeTempDir();
  const controller = new AbortController();
  const first = await start(dir, { historyLedgers: 280, signal: controller.signal }).network;
  await first.waitFor(259);
  controller.abort();
  await first.stop();
  const stoppedAt = first.tip();
  assert(stoppedAt >= 259 && stoppedAt < 281);
  const second = await start(dir, { historyLedgers: 280 }).network;
  assertEquals(second.tip(), stoppedAt);
  await second.waitFor(281);
  await second.stop();
  await assertUndisturbed(dir, 281);
  // Beyond the first snapshot a start does not begin at the seed.
  const names = [...Deno.readDirSync(join(dir, ".simulation"))].map(({ name }) => name).sort();
  assertEquals(names, ["network.json", "snapshot-257.bin"]);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("damaged or missing snapshots cost time only", async () => {
  const dir = await Deno.makeTempDir();
  const first = await start(dir, { historyLedgers: 260 }).network;
  await first.waitFor(261);
  await first.stop();
  for (const { name } of [...Deno.readDirSync(join(dir, ".simulation"))]) {
    if (name.startsWith("snapshot")) {
      await Deno.writeFile(join(dir, ".simulation", name), new Uint8Array(1000));
    }
  }
  const second = await start(dir, { historyLedgers: 263 }).network;
  await second.waitFor(264);
  await second.stop();
  await assertUndisturbed(dir, 264);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a network that was killed goes on with the same ledgers", async () => {
  const dir = await Deno.makeTempDir();
  for (const enough of [20, 270, 300]) {
    const script = new URL("./_network_process.ts", import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-prompt", `--allow-read=${dir}`, `--allow-write=${dir}`]
        .concat(script, dir),
      stdout: "piped",
    }).spawn();
    let printed = "";
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      printed = (printed + chunk).slice(-1000);
      if (Number(printed.trimEnd().split("\n").at(-1)) >= enough) break;
    }
    child.kill("SIGKILL");
    await child.status;
  }
  const network = await start(dir, { historyLedgers: 0 }).network;
  const last = network.tip();
  await network.stop();
  assert(last >= 300);
  await assertUndisturbed(dir, last);
  await Deno.remove(dir, { recursive: true });
});

for (const left of [0, 1, 500]) {
  Deno.test(`a last file of which ${left} bytes are left is written again`, async () => {
    const dir = await Deno.makeTempDir();
    const first = await start(dir).network;
    await first.waitFor(11);
    await first.stop();
    const path = fileOf(dir, 11), whole = await Deno.readFile(path);
    await Deno.writeFile(path, whole.subarray(0, left));
    const second = await start(dir).network;
    assertEquals(second.tip(), 11);
    await second.stop();
    assertEquals(await Deno.readFile(path), whole);
    await Deno.remove(dir, { recursive: true });
  });
}

Deno.test("a folder of another network is refused with what differs", async () => {
  const dir = await Deno.makeTempDir();
  await (await start(dir).network).stop();
  const error = await assertRejects(
    () => start(dir, { transactionsPerLedger: 3 }).network,
    SimulationError,
  );
  assertEquals(
    error.message,
    `${dir} holds a simulated network with transactionsPerLedger 5, not 3: ` +
      "use another folder, or remove it to begin anew",
  );
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a whole last file that does not follow from the seed is refused", async () => {
  const dir = await Deno.makeTempDir();
  const first = await start(dir).network;
  await first.waitFor(11);
  await first.stop();
  const other = new LedgerSimulator({ seed: "another" });
  let ledger = other.next();
  while (other.sequence < 11) ledger = other.next();
  await first.lake.writeBatch(11, [ledger]);
  await assertRejects(() => start(dir).network, SimulationError, "is not the one that follows");
  await Deno.remove(dir, { recursive: true });
});

Deno.test("waiting for a ledger ends with the waiter's signal and with the network", async () => {
  const dir = await Deno.makeTempDir();
  const network = await start(dir).network, controller = new AbortController();
  const cancelled = network.waitFor(1_000_000, controller.signal);
  controller.abort(new Error("no longer needed"));
  await assertRejects(() => cancelled, Error, "no longer needed");
  const refused = assertRejects(() => network.waitFor(1_000_000), DOMException, "stopped");
  await network.stop();
  await refused;
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a lake that cannot be written ends the network with the error", async () => {
  const dir = await Deno.makeTempDir();
  const { clock, network: opening } = start(dir);
  const network = await opening;
  await network.waitFor(11);
  await clock.asleep();
  // A file in the folder's place cannot take ledgers.
  const partition = join(dir, LAYOUT.partitionAt(2));
  await Deno.rename(partition, `${partition}.away`);
  await Deno.writeTextFile(partition, "");
  const refused = assertRejects(() => network.waitFor(12), LakeError);
  clock.advance(1000);
  await refused;
  await assertRejects(() => network.finished, LakeError, "Cannot write");
  assertEquals(network.tip(), 11);
  await Deno.remove(dir, { recursive: true });
});
