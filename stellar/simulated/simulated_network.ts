import { join } from "@std/path";
import { decodeBatch, LakeWriter } from "../lake/mod.ts";
import { lastLedgerFile } from "./lake_end.ts";
import {
  FIRST_SIMULATED_LEDGER,
  LedgerSimulator,
  SIMULATED_PASSPHRASE,
  SimulationError,
  type SimulationOptions,
} from "./ledger_simulator.ts";
import { SimulationStore } from "./simulation_store.ts";

/** Ledgers that are history at the first start: 2 to 1001. */
export const DEFAULT_HISTORY_LEDGERS = 1_000;
/** A snapshot is due after so many ledgers, or so many bytes of them: a restart redoes no more. */
const SNAPSHOT_LEDGERS = 256, SNAPSHOT_BYTES = 16 * 1024 * 1024;

/** Time as the network sees it, passed in so that tests decide how it goes by. */
export interface SimulationClock {
  /** Milliseconds; only differences count. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Where and how a simulated network runs. */
export interface SimulatedNetworkOptions extends SimulationOptions {
  /** Folder of the network's lake; made when it is not there. */
  readonly dir: string;
  readonly clock: SimulationClock;
  /** From one ledger to the next, once the history is there. */
  readonly ledgerIntervalMs: number;
  /** Ends the network. */
  readonly signal?: AbortSignal | undefined;
  /** Ledgers that close without waiting at the first start. */
  readonly historyLedgers?: number | undefined;
}

/**
 * A simulated network that runs: it closes ledgers and keeps them as a lake (SEP-54, one ledger a
 * file), from which others read. Ledgers 2 to 1001 are made as fast as they can be, in the
 * background; then one closes each interval.
 *
 * Life: `open` finds where the lake ends, restores the state there and starts closing; `stop` (or
 * the signal) ends it after the ledger at hand. A network that was killed goes on with the same
 * ledgers as one that was not: a torn last file is written again with the same bytes.
 */
export class SimulatedNetwork {
  readonly passphrase: string = SIMULATED_PASSPHRASE;
  /** First ledger of the lake. */
  readonly first: number = FIRST_SIMULATED_LEDGER;
  /** The lake's folder. */
  readonly dir: string;
  readonly lake: LakeWriter;
  readonly #simulator: LedgerSimulator;
  readonly #store: SimulationStore;
  readonly #options: SimulatedNetworkOptions;
  readonly #stopping = new AbortController();
  readonly #listeners = new Set<(sequence: number) => void>();
  readonly #finished: Promise<void>;
  #tip: number;
  #failure: unknown;
  #ledgersSinceSnapshot = 0;
  #bytesSinceSnapshot = 0;

  private constructor(
    options: SimulatedNetworkOptions,
    parts: { lake: LakeWriter; simulator: LedgerSimulator; store: SimulationStore },
  ) {
    this.#options = options;
    this.dir = options.dir;
    this.lake = parts.lake;
    this.#simulator = parts.simulator;
    this.#store = parts.store;
    this.#tip = parts.simulator.sequence;
    options.signal?.addEventListener("abort", () => this.#stopping.abort(), { once: true });
    if (options.signal?.aborted) this.#stopping.abort();
    this.#finished = this.#run().catch((error) => this.#fail(error));
  }

  /**
   * Starts the network in a folder, or goes on with the one that is there.
   * Throws SimulationError (options out of range, or a folder of another network) and LakeError.
   */
  static async open(options: SimulatedNetworkOptions): Promise<SimulatedNetwork> {
    const fresh = new LedgerSimulator(options);
    const { protocol, transactionsPerLedger, metaVersion } = fresh;
    const lake = await LakeWriter.open(options.dir, { networkPassphrase: SIMULATED_PASSPHRASE });
    const record = { seed: options.seed, protocol, transactionsPerLedger, metaVersion };
    const store = await SimulationStore.open(options.dir, record);
    const last = await lastLedgerFile(options.dir);
    // The last ledger is always made again, to see whether its file is whole.
    const state = await store.load(last - 1);
    const simulator = state === undefined ? fresh : new LedgerSimulator(options, state);
    let ledger: Uint8Array | undefined;
    while (simulator.sequence < last) ledger = simulator.next();
    if (ledger !== undefined) await repairLast(lake, last, ledger);
    return new SimulatedNetwork(options, { lake, simulator, store });
  }

  /** The last ledger that the lake holds; 1 when it holds none yet. */
  tip(): number {
    return this.#tip;
  }

  /** Calls a listener with each ledger once it is in the lake. Returns what ends that. */
  onLedger(listener: (sequence: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Resolves once a ledger is in the lake. Rejects with the signal's reason, or when the network
   * stopped or failed before that ledger.
   */
  waitFor(sequence: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stopping = this.#stopping.signal;
      const settle = () => {
        if (this.#tip >= sequence) resolve();
        else if (signal?.aborted) reject(signal.reason);
        else if (stopping.aborted) {
          reject(this.#failure ?? new DOMException("The network was stopped", "AbortError"));
        } else return;
        unsubscribe();
        signal?.removeEventListener("abort", settle);
        stopping.removeEventListener("abort", settle);
      };
      const unsubscribe = this.onLedger(settle);
      signal?.addEventListener("abort", settle);
      stopping.addEventListener("abort", settle);
      settle();
    });
  }

  /** Rejects when a ledger cannot be written; resolves when the network was stopped. */
  get finished(): Promise<void> {
    return this.#finished.then(() => {
      if (this.#failure !== undefined) throw this.#failure;
    });
  }

  /** Ends the network after the ledger that is being written. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#finished;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(): Promise<void> {
    const { clock, ledgerIntervalMs, historyLedgers = DEFAULT_HISTORY_LEDGERS } = this.#options;
    const signal = this.#stopping.signal;
    const lastOfHistory = FIRST_SIMULATED_LEDGER + historyLedgers - 1;
    // Opening must not wait for ledgers, so the first one is made in a later turn.
    await Promise.resolve();
    while (this.#tip < lastOfHistory && !signal.aborted) await this.#close();
    let due = clock.now();
    while (!signal.aborted) {
      // Ledgers keep to their schedule, but those that were missed are not made up for.
      due = Math.max(due + ledgerIntervalMs, clock.now());
      try {
        await clock.sleep(due - clock.now(), signal);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      if (!signal.aborted) await this.#close();
    }
  }

  async #close(): Promise<void> {
    const ledger = this.#simulator.next(), sequence = this.#simulator.sequence;
    await this.lake.writeBatch(sequence, [ledger]);
    this.#tip = sequence;
    for (const listener of [...this.#listeners]) listener(sequence);
    this.#ledgersSinceSnapshot++;
    this.#bytesSinceSnapshot += ledger.length;
    if (
      this.#ledgersSinceSnapshot >= SNAPSHOT_LEDGERS || this.#bytesSinceSnapshot >= SNAPSHOT_BYTES
    ) {
      this.#ledgersSinceSnapshot = this.#bytesSinceSnapshot = 0;
      await this.#store.save(this.#simulator.state);
    }
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#stopping.abort();
  }
}

/** Writes the last ledger again when its file is torn; another ledger there is another network. */
async function repairLast(lake: LakeWriter, sequence: number, ledger: Uint8Array): Promise<void> {
  const path = join(lake.dir, lake.layout.batchAt(sequence).key);
  let present: Uint8Array | undefined;
  try {
    present = decodeBatch(await Deno.readFile(path), { requireZstd: true }).ledgers[0];
  } catch {
    present = undefined;
  }
  if (present !== undefined && sameBytes(present, ledger)) return;
  if (present !== undefined) {
    throw new SimulationError(
      "network",
      `Ledger ${sequence} in ${lake.dir} is not the one that follows from the seed: ` +
        "remove the folder to begin anew",
    );
  }
  await lake.writeBatch(sequence, [ledger]);
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
