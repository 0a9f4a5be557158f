import type { FlightRangeInfo } from "./flight_client.ts";
import type { FlightBatch, RangeRequest } from "./flight_dataset.ts";
import { SUB_RANGE_LEDGERS, subRangeEnd } from "./sub_ranges.ts";

/** Ledgers of a sub-range at least, so that the cost of a stream stays small beside large ledgers. */
const SMALLEST_LEDGERS = 16;

/** Ledgers of a sub-range until the size of ledgers is known. */
const FIRST_LEDGERS = 64;

/** A part of the range. */
export interface PlannedRange {
  readonly range: RangeRequest;
  /** Whether all its ledgers are there already. */
  readonly isHistory: boolean;
}

/**
 * How a range is split: its history into sub-ranges of which as many as are read at once fit into the
 * buffer, and what is not there yet as the last one. A history that has grown by the time it has been
 * read is split again.
 */
export class RangePlan {
  /** What has not been given out; undefined when all has. */
  #rest: RangeRequest | undefined;
  /** Newest ledger that was there when the servers were asked. */
  #known = 0;
  #bytes = 0;
  #ledgers = 0;

  /**
   * @param ask what a server says of a range; undefined: the range is read as one
   * @param bytesEach how much a sub-range should have
   */
  constructor(
    range: RangeRequest,
    private readonly ask: ((range: RangeRequest) => Promise<FlightRangeInfo>) | undefined,
    private readonly bytesEach: number,
  ) {
    this.#rest = range;
  }

  /** The next part, once those before it have been given. Throws FlightError. */
  async first(): Promise<PlannedRange | undefined> {
    const ahead = this.next();
    const rest = this.#rest;
    if (ahead !== undefined || rest === undefined) return ahead;
    if (this.ask !== undefined && isLong(rest)) await this.#look(rest, this.ask);
    const history = this.next();
    if (history !== undefined) return history;
    const range = this.#rest;
    this.#rest = undefined;
    return range && { range, isHistory: false };
  }

  /** The next part of the history; undefined when the next one is not known to be there. */
  next(): PlannedRange | undefined {
    const { startLedger: start, endLedger } = this.#rest ?? {};
    if (start === undefined) return undefined;
    const last = Math.min(endLedger || Infinity, this.#known);
    if (last < start) return undefined;
    const end = subRangeEnd(start, last, this.#subRangeLedgers);
    const range = { ...this.#rest!, startLedger: start, endLedger: end };
    this.#rest = end === endLedger ? undefined : { ...this.#rest!, startLedger: end + 1 };
    return { range, isHistory: true };
  }

  /** Learns how large ledgers are. */
  measure({ metadata }: FlightBatch, bytes: number): void {
    this.#bytes += bytes;
    this.#ledgers += metadata.last_ledger - metadata.first_ledger + 1;
  }

  async #look(
    rest: RangeRequest,
    ask: (range: RangeRequest) => Promise<FlightRangeInfo>,
  ): Promise<void> {
    const { endpoints, lastLedger = 0 } = await ask(rest);
    const startLedger = endpoints[0]?.startLedger ?? rest.startLedger;
    if (startLedger === undefined) return;
    const endLedger = endpoints.at(-1)?.endLedger ?? rest.endLedger;
    this.#rest = { ...rest, startLedger, ...(endLedger !== undefined && { endLedger }) };
    // A short history is read together with what follows it.
    const last = Math.min(endLedger || Infinity, lastLedger);
    if (last - startLedger >= SUB_RANGE_LEDGERS) this.#known = lastLedger;
  }

  get #subRangeLedgers(): number {
    if (this.#ledgers === 0) return FIRST_LEDGERS;
    const fit = this.bytesEach / (this.#bytes / this.#ledgers);
    let ledgers = SUB_RANGE_LEDGERS;
    while (ledgers > fit && ledgers > SMALLEST_LEDGERS) ledgers /= 2;
    return ledgers;
  }
}

/** Whether it may be worth splitting; where the start or the end is open, that has to be asked. */
function isLong({ startLedger, endLedger }: RangeRequest): boolean {
  return startLedger === undefined || !endLedger || endLedger - startLedger >= SUB_RANGE_LEDGERS;
}
