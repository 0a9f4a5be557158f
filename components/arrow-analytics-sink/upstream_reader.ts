import type { Schema } from "apache-arrow";
import {
  type CheckSchema,
  type FlightBatch,
  FlightError,
  plainReason,
  type RangeRequest,
} from "../../flight/mod.ts";
import { type Clock, type ClockTimer, type Logger, upstreamRefusal } from "../../flowctl/mod.ts";

/** Longest wait before the first new try; it doubles from try to try. */
export const FIRST_BACKOFF_MS = 200;

/** Longest wait before any try: an upstream that comes back is found within it. */
export const LONGEST_BACKOFF_MS = 5_000;

/** Tries without a single batch after which an upstream that fails inside is given up. */
export const MAX_INTERNAL_FAILURES = 10;

/** How long the end of a stream is waited for after its last ledger has come. */
export const STREAM_END_MS = 1_000;

/** The dataset that is read. */
const DATASET = "ttp_event";

/** The part of RangeReader that is needed: it moves on from upstreams that fail. */
export interface EventSource {
  /** The upstream that is used now. */
  readonly endpoint: string;
  /** All of them. */
  readonly endpoints: string;
  getSchema(dataset: string): Promise<Schema>;
  doGet(
    request: RangeRequest,
    signal?: AbortSignal,
    checkSchema?: CheckSchema,
  ): AsyncIterable<FlightBatch>;
}

/** What a reader is made of. */
export interface UpstreamReaderOptions {
  /** What is read from. */
  readonly source: EventSource;
  readonly clock: Clock;
  /** From 0 to 1; Math.random outside of tests. */
  readonly random: () => number;
  readonly log: Logger;
  /** First ledger to ask for now; undefined leaves it to the upstream. */
  readonly next: () => number | undefined;
  /** Last ledger; undefined follows the tip. */
  readonly endLedger: number | undefined;
  /** Called with the schema, and who sends it, before the batches of each stream; may throw. */
  readonly onSchema: CheckSchema;
  /** Called with each batch in turn; the next one is read when it resolves. */
  readonly onBatch: (batch: FlightBatch) => Promise<void>;
  /** Resolves when all batches that came are stored; called before `next`, `onBroken`, `isDone`. */
  readonly settle: () => Promise<void>;
  /** Called when a stream has broken off: parts of a ledger come again. */
  readonly onBroken: () => void;
  /** Whether everything has come. */
  readonly isDone: () => boolean;
}

/** An upstream that cannot give what is asked for; the message says what and why. */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";
  /** Whether the upstream gives the same answer to whoever asks again. */
  readonly isFinal: boolean;

  constructor(message: string, cause: FlightError) {
    super(message, { cause });
    this.isFinal = !cause.isCurable;
  }
}

/**
 * Reads events from the upstream, from the ledger after the last one stored, for ever or until all
 * have come. When it is lost (which it is when all that are named or found are), it is asked again with
 * a wait that doubles, capped and with full jitter. What another try cannot cure ends the reading with
 * a sentence.
 */
export class UpstreamReader {
  /** Newest ledger that the upstream has told of. */
  tip: number | undefined;
  /** What is wrong at the moment, undefined while batches come. */
  trouble: string | undefined;
  /** Whether the upstream has ever answered. */
  hasAnswered = false;
  /** Streams that broke off. */
  reconnects = 0;
  /** Times that the upstream was asked again after it had failed. */
  retries = 0;
  /** Tries in a row that gave no batch. */
  #failures = 0;

  constructor(private readonly options: UpstreamReaderOptions) {}

  /** Resolves when all has come or the signal aborts. Throws UpstreamError, and what onX threw. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.options.isDone()) {
      try {
        await this.#stream(signal);
        if (signal.aborted || this.options.isDone()) return;
        throw new FlightError("UNAVAILABLE", "The stream ended before the last ledger.");
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof FlightError)) throw error;
        await this.options.settle();
        this.options.onBroken();
        await this.#goOnAfter(error, signal);
      }
    }
  }

  async #stream(signal: AbortSignal): Promise<void> {
    const { source, endLedger, onSchema, onBatch, settle, clock } = this.options;
    onSchema(await unlessAborted(source.getSchema(DATASET), signal), source.endpoint);
    this.hasAnswered = true;
    const next = this.options.next();
    const request: RangeRequest = {
      dataset: DATASET,
      ...(next === undefined ? {} : { startLedger: next }),
      ...(endLedger === undefined ? {} : { endLedger }),
    };
    const ending = new AbortController();
    let timer: ClockTimer | undefined;
    try {
      const untilEnd = AbortSignal.any([signal, ending.signal]);
      for await (const batch of source.doGet(request, untilEnd, onSchema)) {
        this.#recovered();
        this.tip = Math.max(this.tip ?? 0, batch.metadata.tip);
        if (timer === undefined) await onBatch(batch);
        // The stream is read to its end and not cancelled, so that the upstream sees a reader that
        // is content and not one that broke off.
        if (isLast(batch, endLedger)) {
          timer ??= clock.setTimeout(() => ending.abort(), STREAM_END_MS);
        }
      }
    } catch (error) {
      // With the last ledger all has come, however the stream ends.
      if (timer === undefined) throw error;
    } finally {
      timer?.stop();
    }
    await settle();
  }

  #recovered(): void {
    if (this.#failures > 0) {
      const { endpoint } = this.options.source;
      this.options.log.info("The processor is there again", { endpoint });
    }
    this.trouble = undefined;
    this.#failures = 0;
  }

  /** Returns when the source is to be asked again. */
  async #goOnAfter(error: FlightError, signal: AbortSignal): Promise<void> {
    const { source, clock, random, log } = this.options;
    if (!error.isCurable) throw this.#givenUp(error);
    const reason = plainReason(error.message);
    if (this.trouble === undefined) this.reconnects++;
    this.trouble = `${error.code}: ${reason}`;
    this.retries++;
    this.#failures++;
    if (error.code === "INTERNAL" && this.#failures >= MAX_INTERNAL_FAILURES) {
      throw this.#givenUp(error);
    }
    // Said once for a broken stream and not at every try.
    if (this.#failures === 1) {
      const endpoint = source.endpoints;
      log.warn("The processor does not answer; trying again", { endpoint, reason });
    }
    const cap = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(this.#failures, 16));
    try {
      await clock.sleep(random() * cap, signal);
    } catch {
      // The signal ended the wait; the loop sees it.
    }
  }

  #givenUp(error: FlightError): UpstreamError {
    const { endpoint } = this.options.source;
    const next = this.options.next();
    const from = next === undefined ? "the first ledger" : `ledger ${next}`;
    return new UpstreamError(
      `The processor at ${endpoint} does not give the events from ${from} on ` +
        upstreamRefusal(error),
      error,
    );
  }
}

/** Whether nothing comes after a batch. */
function isLast({ metadata }: FlightBatch, endLedger: number | undefined): boolean {
  return endLedger !== undefined && metadata.last_ledger >= endLedger && !metadata.partial;
}

/** The promise's outcome, or the signal's reason at once: the call itself does not heed a signal. */
async function unlessAborted<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([call, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
