import { SLOW_FACTOR } from "./endpoint_pace.ts";
import type { FlightBatch, RangeRequest } from "./flight_dataset.ts";
import { FlightError } from "./flight_error.ts";
import type { ReadingPlaces } from "./reading_places.ts";
import { untilAborted } from "../grpc/mod.ts";
import {
  cancelled,
  type EndpointWish,
  listedEndpoints,
  servingEndpoints,
} from "./range_clients.ts";
import { RangePlan } from "./range_plan.ts";
import { SubRange } from "./sub_range.ts";
import { type FetchEnd, type FetchOptions, SubRangeFetch } from "./sub_range_fetch.ts";

/** A sub-range is not asked of a second server before it has been waited for this long. */
export const HEDGE_MS = 500;

/** The same where nothing tells how long a server takes: nobody else has been measured. */
export const SILENCE_MS = 2_000;

/** What a RangeStream works with. */
export interface RangeStreamOptions extends Omit<FetchOptions, "onLease" | "onBatch"> {
  readonly signal: AbortSignal | undefined;
  /** The streams of the reader, this one's and others'. */
  readonly places: ReadingPlaces;
  /** Asks for the range's bounds, to be split. */
  readonly plan: RangePlan;
  /** An endpoint that is asked only where no other serves: its schema was refused. */
  readonly refused: () => string | undefined;
  /** Newest ledger that a server other than `avoid` has; undefined when none can tell. */
  readonly newestBeside: (avoid: string) => Promise<number | undefined>;
  /** Told which endpoint is read from, or has ended the reading. */
  readonly onUse: (endpoint: string) => void;
  /** Told that an endpoint has given something. */
  readonly onWorks: (endpoint: string) => void;
  /** Told that one endpoint's work goes on at another. */
  readonly onMove: (left: string, taken: string, error: Error) => void;
}

/**
 * One range, read over several streams and given in order.
 *
 * The sub-range that is given next is the head. It is always read, needs no room in the buffer, and
 * is the only one that an error of the moment's sake ends: the others go on when they are the head.
 */
export class RangeStream {
  readonly #options: RangeStreamOptions;
  /** What is being read, in order; the first one is the head. */
  readonly #ranges: SubRange[] = [];
  /** Failures in a row without a batch: when each server has failed in turn, so has the stream. */
  #failures = 0;
  /** Who failed, until the work goes on. */
  #left: { readonly endpoint: string; readonly error: Error } | undefined;
  /** Who is not to be asked next, where there are others. */
  #avoid: string | undefined;
  /** Ledgers of the last batch: what can be waited for at least. */
  #batchLedgers = 1;
  #isProbing = false;
  #isClosed = false;

  constructor(options: RangeStreamOptions) {
    this.#options = options;
  }

  /** The batches. Throws FlightError, and what `checkSchema` throws. */
  async *read(): AsyncGenerator<FlightBatch, void, undefined> {
    const { signal } = this.#options;
    const wake = () => this.#ranges[0]?.onChange();
    signal?.addEventListener("abort", wake, { once: true });
    try {
      for (let head = await this.#next(); head !== undefined; head = await this.#next()) {
        for (;;) {
          const flightBatch = await this.#batchOf(head);
          if (flightBatch === undefined) break;
          yield flightBatch;
        }
        if (head.hasEnded) return;
      }
    } finally {
      signal?.removeEventListener("abort", wake);
      this.#close();
    }
  }

  /** Makes the next sub-range the head; undefined when all have been given. */
  async #next(): Promise<SubRange | undefined> {
    const { plan, signal } = this.#options;
    this.#ranges.shift()?.close();
    if (signal?.aborted) throw cancelled(signal);
    if (this.#ranges.length === 0) {
      const first = await this.#unlessAborted(plan.first());
      if (first === undefined) return undefined;
      this.#ranges.push(this.#subRange(first));
    }
    const head = this.#ranges[0]!;
    head.promote();
    return head;
  }

  async #unlessAborted<T>(promise: Promise<T>): Promise<T> {
    const { signal } = this.#options;
    if (signal === undefined) return await promise;
    return await untilAborted(promise, signal).catch((error) => {
      throw signal.aborted ? cancelled(signal) : error;
    });
  }

  #subRange({ range, isHistory }: { range: RangeRequest; isHistory: boolean }): SubRange {
    return new SubRange(range, isHistory, this.#options.buffer);
  }

  /** The head's next batch; undefined when it has given all. */
  async #batchOf(head: SubRange): Promise<FlightBatch | undefined> {
    const { signal } = this.#options;
    for (;;) {
      if (signal?.aborted) throw cancelled(signal);
      const flightBatch = head.take();
      if (flightBatch !== undefined) {
        // At the tip it is silence that counts.
        if (!head.isHistory) head.beginPatience();
        this.#readAhead();
        return flightBatch;
      }
      if (head.error !== undefined) {
        if (head.failedAt !== undefined) this.#options.onUse(head.failedAt);
        throw head.error;
      }
      if (head.isWhole || head.hasEnded) return undefined;
      if (head.fetches.size === 0) this.#readHead(head);
      this.#readAhead();
      head.want();
      await this.#changed(head);
    }
  }

  /** Waits until something has changed, or until another server is to be asked. */
  async #changed(head: SubRange): Promise<void> {
    const { clock } = this.#options;
    const { promise, resolve } = Promise.withResolvers<void>();
    head.onChange = resolve;
    const since = clock.monotonic();
    const timer = clock.setTimeout(() => {
      this.#hedge(head);
      resolve();
    }, this.#patienceMs(head));
    await promise;
    timer.stop();
    head.onChange = () => {};
    head.waitedMs += clock.monotonic() - since;
  }

  /** How much longer the head is waited for before another server is asked. */
  #patienceMs(head: SubRange): number {
    const { pace } = this.#options;
    const [fetch] = head.fetches;
    const best = pace.bestBeside(fetch?.endpoint);
    // What another one would take for the ledgers that have come, and for one batch more.
    const due = best === undefined || !head.isHistory
      ? SILENCE_MS
      : Math.max(HEDGE_MS, SLOW_FACTOR * best * (head.ledgers + this.#batchLedgers));
    return Math.max(0, due - head.waitedMs);
  }

  /** Asks another server for the rest of the head, where there is one. */
  #hedge(head: SubRange): void {
    head.beginPatience();
    const [slow] = head.fetches;
    if (head.fetches.size !== 1 || slow?.endpoint === undefined || head.isWithinLedger) return;
    const { endpoint } = slow;
    if (!servingEndpoints(this.#options.clients).some((other) => other !== endpoint)) return;
    if (head.isHistory) this.#read(head, { order: "balanced", avoid: endpoint });
    else void this.#hedgeWhereMore(head, endpoint);
  }

  /** At the tip silence is the rule: another server is asked for what it has before it is read from. */
  async #hedgeWhereMore(head: SubRange, endpoint: string): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    const newest = await this.#options.newestBeside(endpoint);
    this.#isProbing = false;
    const { startLedger } = head.rest;
    const isBehind = newest !== undefined && startLedger !== undefined && newest >= startLedger;
    const [slow] = head.fetches;
    if (!isBehind || this.#isClosed || head !== this.#ranges[0]) return;
    if (head.fetches.size !== 1 || slow!.endpoint !== endpoint || head.isWithinLedger) return;
    this.#read(head, { order: "preferred", avoid: endpoint });
  }

  #readHead(head: SubRange): void {
    // While one endpoint is far slower than another, or has just refused, it is not asked first.
    const { pace, refused } = this.#options;
    const avoid = this.#avoid ?? refused() ?? (head.isHistory ? pace.slow() : undefined);
    this.#avoid = undefined;
    this.#read(head, { order: "preferred", ...(avoid !== undefined && { avoid }) });
  }

  /** Lets more streams read ahead, as far as there are places and room. */
  #readAhead(): void {
    const { places, buffer, plan, pace, clients, refused } = this.#options;
    // Without a head the next one is being planned, and what follows it must not come before it.
    if (this.#isClosed || this.#ranges.length === 0) return;
    while (buffer.hasRoom && places.hasFree(servingEndpoints(clients))) {
      let range = this.#ranges.find((each) =>
        !each.isHead && each.fetches.size === 0 && !each.isSetBack && !each.isWhole &&
        each.error === undefined
      );
      if (range === undefined) {
        const next = plan.next();
        if (next === undefined) return;
        range = this.#subRange(next);
        this.#ranges.push(range);
      }
      const avoid = places.refusing ?? refused() ?? pace.slow();
      this.#read(range, { order: "balanced", ...(avoid !== undefined && { avoid }) });
    }
  }

  #read(range: SubRange, wish: EndpointWish): void {
    const { places, plan, onWorks } = this.#options;
    const fetch: SubRangeFetch = new SubRangeFetch(range, {
      ...this.#options,
      onLease: (endpoint) => {
        if (range.isHead) this.#options.onUse(endpoint);
        this.#tellMove(endpoint);
      },
      onBatch: (from, flightBatch, bytes) => {
        const { first_ledger, last_ledger } = flightBatch.metadata;
        this.#batchLedgers = last_ledger - first_ledger + 1;
        if (range.isHead) this.#failures = 0;
        this.#tellMove(from.endpoint!);
        onWorks(from.endpoint!);
        plan.measure(flightBatch, bytes);
        this.#endOthers(range, from);
      },
    });
    range.fetches.add(fetch);
    places.take(fetch, range);
    void fetch.run(wish).then((end) => {
      // Of one that was cancelled nothing is to be learned: others may read the sub-range by now.
      const isReading = range.fetches.delete(fetch);
      places.leave(fetch);
      if (this.#isClosed) return;
      if (isReading) this.#ended(range, end);
      range.onChange();
      // A place has become free.
      this.#readAhead();
    });
  }

  /** Of two that read the same the first to give a batch goes on alone. */
  #endOthers(range: SubRange, winner: SubRangeFetch): void {
    const { pace, clock } = this.#options;
    for (const other of range.fetches) {
      if (other === winner) continue;
      other.cancel();
      // It was asked first, and has given nothing since.
      if (other.endpoint === undefined || other.askedAt! > winner.askedAt!) continue;
      const waited = clock.monotonic() - winner.askedAt! + HEDGE_MS;
      const best = pace.bestBeside(other.endpoint) ?? 0;
      if (range.isHistory) {
        pace.note(other.endpoint, Math.max(waited / this.#batchLedgers, SLOW_FACTOR * best));
      }
      this.#left = {
        endpoint: other.endpoint,
        error: new FlightError("UNAVAILABLE", `It gave nothing for ${Math.round(waited)} ms.`),
      };
      this.#tellMove(winner.endpoint!);
    }
  }

  #tellMove(taken: string): void {
    const left = this.#left;
    if (left === undefined) return;
    this.#left = undefined;
    if (left.endpoint !== taken) this.#options.onMove(left.endpoint, taken, left.error);
  }

  #ended(range: SubRange, end: FetchEnd): void {
    if (end.type === "refused") this.#options.places.refused(end.endpoint);
    if (end.type === "ended" || end.type === "failed") this.#left = end;
    // Another stream still reads it, and what this one met is that one's to say.
    if (range.fetches.size === 0) {
      range.failedAt = end.type === "done" || end.type === "unconnected" ? undefined : end.endpoint;
      const isResumable = range.dropParts();
      if (end.type === "final") range.error = end.error;
      else if (end.type !== "done") {
        if (range.isHead) this.#headFailed(range, end, isResumable);
        else range.isSetBack = true;
      }
    }
  }

  #headFailed(
    head: SubRange,
    end: Exclude<FetchEnd, { type: "done" | "final" }>,
    isResumable: boolean,
  ): void {
    const { clients, places } = this.#options;
    if (end.type === "refused") {
      this.#avoid = end.endpoint;
      // One that reads ahead there has taken the head's place.
      if (places.suspendAt(end.endpoint)) return;
    }
    this.#failures++;
    const isRoundOver = end.type === "unconnected" ||
      this.#failures >= listedEndpoints(clients).length || servingEndpoints(clients).length === 0;
    if (!isRoundOver && isResumable) return;
    if (end.type === "ended") head.hasEnded = true;
    else head.error = end.error;
  }

  #close(): void {
    this.#isClosed = true;
    for (const range of this.#ranges) range.close();
  }
}
