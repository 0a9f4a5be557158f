import { columnBytes } from "../../arrow/mod.ts";
import { type FlightBatch, FlightError, type FlightErrorCode } from "../../flight/mod.ts";
import type { VerificationResult } from "./ledger_verification.ts";
import { EVENT_TYPE_NAMES } from "./token_transfer/mod.ts";

/** Errors that the reader's own request brought about. */
const READERS_FAULT: ReadonlySet<FlightErrorCode> = new Set([
  "INVALID_ARGUMENT",
  "OUT_OF_RANGE",
  "NOT_FOUND",
  "CANCELLED",
  "UNAUTHENTICATED",
]);

/** What a running processor counts; read by health, metrics, the log and the action `stats`. */
export class ProcessorStats {
  ledgers = 0;
  /** Events that ledgers had, by type, before any filter. */
  readonly eventsByType = new Float64Array(EVENT_TYPE_NAMES.length);
  /** Rows and batches sent, after filters. */
  rowsSent = 0;
  batchesSent = 0;
  /** Bytes of their columns. */
  bytesSent = 0;
  decodeErrors = 0;
  /** Ledgers whose events were held against their ledger-entry changes, and what did not add up. */
  verifiedLedgers = 0;
  balanceMismatches = 0;
  failedStreams = 0;
  /** Times that the source did not answer and was asked again, or another one instead. */
  upstreamRetries = 0;
  /** When the newest ledger whose events were sent was closed, in milliseconds since 1970. */
  lastClosedAtMs: number | undefined;
  activeStreams = 0;
  /** Newest ledger whose events were sent on any stream, whatever others read again; 0 before the first. */
  lastLedger = 0;
  /** Newest ledger that the source knew of. */
  tip = 0;
  /** Why the last stream that failed did so; undefined once events flow again. */
  lastError: string | undefined;

  /** Seconds since the newest ledger whose events were sent was closed; undefined before the first. */
  lagSeconds(nowMs: number): number | undefined {
    return this.lastClosedAtMs && Math.max(0, nowMs - this.lastClosedAtMs) / 1000;
  }

  /** Notes a batch that was handed to a stream. */
  sent({ batch, metadata: { last_ledger, tip, ledgers } }: FlightBatch): void {
    this.rowsSent += batch.numRows;
    this.bytesSent += columnBytes(batch);
    this.batchesSent++;
    this.tip = tip;
    this.lastError = undefined;
    // A reader of old ledgers does not make the processor lag.
    if (last_ledger < this.lastLedger) return;
    this.lastLedger = last_ledger;
    const closed = ledgers?.at(-1)?.closed_at;
    if (closed !== undefined) this.lastClosedAtMs = Date.parse(closed);
  }

  /** Notes what came out of a verification, of a stream or of the action `verify`. */
  verified({ ledgers, mismatchCount }: VerificationResult): void {
    this.verifiedLedgers += ledgers;
    this.balanceMismatches += mismatchCount;
  }

  /** Notes a stream that ended with an error; one that its reader caused says nothing of our health. */
  failed(error: unknown): void {
    this.failedStreams++;
    if (error instanceof FlightError && READERS_FAULT.has(error.code)) return;
    this.lastError = error instanceof Error ? error.message : String(error);
  }

  /** Events of all types. */
  get events(): number {
    return this.eventsByType.reduce((sum, count) => sum + count, 0);
  }

  /** Counts by the name of the type. */
  get byTypeName(): Record<string, number> {
    return Object.fromEntries(EVENT_TYPE_NAMES.map((name, i) => [name, this.eventsByType[i]!]));
  }
}
