import { join } from "@std/path";

/** Something that does not decode, and why. */
export interface BadLedger {
  /** The ledger, or the first one of a batch file. */
  readonly sequence: number;
  /** The ledger, or the last one of a batch file. */
  readonly endSequence: number;
  /** Name under which the bytes are kept. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly reason: string;
}

/**
 * Keeps what does not decode: the bytes as `NAME`, the reason as `NAME.reason.txt`, so that nothing
 * is passed over without a trace.
 */
export class Quarantine {
  readonly #dir: string;
  #total = 0;
  /** The last keeping: one at a time, so that two streams do not count the same ledger twice. */
  #keeping = Promise.resolve();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Ledgers that this process put here; what had been kept before counts only once. */
  get total(): number {
    return this.#total;
  }

  /** Keeps a bad ledger. Rejects when it cannot be kept: then it must not be passed over. */
  keep(bad: BadLedger): Promise<void> {
    const keeping = this.#keeping.then(() => this.#keep(bad));
    this.#keeping = keeping.catch(() => {});
    return keeping;
  }

  async #keep(bad: BadLedger): Promise<void> {
    await Deno.mkdir(this.#dir, { recursive: true });
    const path = join(this.#dir, bad.name);
    const reasonPath = `${path}.reason.txt`;
    const reason = `${bad.reason}\n`;
    if (await readIfThere(reasonPath) === reason) return;
    await Deno.writeFile(path, bad.bytes);
    await Deno.writeTextFile(reasonPath, reason);
    this.#total += bad.endSequence - bad.sequence + 1;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
