import { FilesystemLake, type LakeOptions, LakeWriter } from "../../stellar/lake/mod.ts";
import { LedgerSimulator, SIMULATED_PASSPHRASE } from "../../stellar/simulated/mod.ts";

/** Time that no test waits for. */
export const stillClock = {
  monotonic: () => 0,
  sleep: () => Promise.reject(new Error("This test must not wait.")),
};

/** A lake of simulated ledgers in a folder of its own, for tests; removed when disposed. */
export class TestLake implements AsyncDisposable {
  /** LedgerCloseMeta by sequence. */
  readonly ledgers = new Map<number, Uint8Array>();

  private constructor(readonly dir: string, readonly writer: LakeWriter) {}

  /** Writes the ledgers from `first` to `last` of the same simulated network each time. */
  static async create(
    first: number,
    last: number,
    options: { ledgersPerBatch?: number; transactionsPerLedger?: number } = {},
  ): Promise<TestLake> {
    const { ledgersPerBatch = 1, transactionsPerLedger = 2 } = options;
    const dir = await Deno.makeTempDir();
    const writer = await LakeWriter.open(dir, {
      networkPassphrase: SIMULATED_PASSPHRASE,
      ledgersPerBatch,
      batchesPerPartition: 10,
    });
    const lake = new TestLake(dir, writer);
    const simulator = new LedgerSimulator({ seed: "source", transactionsPerLedger });
    for (let sequence = 2; sequence <= last; sequence++) {
      lake.ledgers.set(sequence, simulator.next());
    }
    await lake.write(first, last);
    return lake;
  }

  /** Writes ledgers that were made, in whole batches. */
  async write(first: number, last: number): Promise<void> {
    for (let at = first; at <= last;) {
      const { endSequence } = this.writer.layout.batchAt(at);
      const batch = [];
      for (let i = at; i <= endSequence; i++) batch.push(this.ledgers.get(i)!);
      await this.writer.writeBatch(at, batch);
      at = endSequence + 1;
    }
  }

  /** Path of the file that holds a ledger. */
  path(sequence: number): string {
    return `${this.dir}/${this.writer.layout.batchAt(sequence).key}`;
  }

  open(options: Partial<LakeOptions> = {}): Promise<FilesystemLake> {
    return FilesystemLake.open(this.dir, { clock: stillClock, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.dir, { recursive: true });
  }
}
