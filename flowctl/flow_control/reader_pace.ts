import type { Clock } from "../component/mod.ts";
import { TokenBucket } from "./token_bucket.ts";

/** Share of a second that one batch of a paced reader holds at most, so that it flows evenly. */
const BATCH_SECONDS = 0.25;

/** Weight of the latest batch in what a ledger takes on average. */
const LATEST_WEIGHT = 0.2;

/** How fast a reader wants to be sent ledgers; `undefined` where it takes what comes. */
export interface WantedPace {
  readonly ledgersPerSecond: number | undefined;
  readonly bytesPerSecond: number | undefined;
}

/** What it is where nothing is known of a reader. */
export const ANY_PACE: WantedPace = { ledgersPerSecond: undefined, bytesPerSecond: undefined };

/**
 * Sends one reader its ledgers at the pace that it wants: a bucket of ledgers and one of bytes, in
 * which a ledger counts as many bytes as the latest ones had, unless the reader says how many. So
 * ledgers that are suddenly ten times as large come ten times as slowly, until they are usual.
 */
export class ReaderPace {
  readonly #ledgers: TokenBucket;
  readonly #bytes: TokenBucket;
  #wanted: WantedPace = ANY_PACE;
  #bytesPerLedger: number | undefined;

  constructor(clock: Clock) {
    this.#ledgers = new TokenBucket({ clock });
    this.#bytes = new TokenBucket({ clock });
  }

  /** Goes at another pace from now on; whoever waits is let go when that is faster. */
  set(wanted: WantedPace): void {
    this.#wanted = wanted;
    this.#ledgers.setRate(wanted.ledgersPerSecond);
    this.#setBytes();
  }

  /** Ledgers a second now. */
  get ledgersPerSecond(): number | undefined {
    return this.#wanted.ledgersPerSecond;
  }

  /** Most ledgers that a batch should have, of `most` that it may have. */
  batchLedgers(most: number): number {
    const rate = this.#ledgers.rate;
    if (rate === undefined) return most;
    return Math.min(most, Math.max(1, Math.floor(rate * BATCH_SECONDS)));
  }

  /** Waits until so much may be sent. Throws the signal's reason. */
  async take(ledgers: number, bytes: number, signal: AbortSignal): Promise<void> {
    if (ledgers > 0) this.#learn(bytes / ledgers);
    await this.#ledgers.take(ledgers, signal);
    await this.#bytes.take(bytes, signal);
  }

  #learn(bytesPerLedger: number): void {
    const before = this.#bytesPerLedger;
    this.#bytesPerLedger = before === undefined
      ? bytesPerLedger
      : before + LATEST_WEIGHT * (bytesPerLedger - before);
    this.#setBytes();
  }

  #setBytes(): void {
    const { ledgersPerSecond, bytesPerSecond } = this.#wanted;
    const derived = ledgersPerSecond === undefined || !this.#bytesPerLedger
      ? undefined
      : ledgersPerSecond * this.#bytesPerLedger;
    this.#bytes.setRate(bytesPerSecond ?? derived);
  }
}
