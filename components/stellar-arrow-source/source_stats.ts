/** What a running source counts, kept by its streams and read by health, metrics and `stats`. */
export class SourceStats {
  ledgers = 0;
  batches = 0;
  /** Bytes of `ledger_xdr` and the other columns. */
  bytes = 0;
  /** Streams that ended with an error, whoever made it. */
  failedStreams = 0;
  activeStreams = 0;
  /** Streams that ended at a ledger that does not decode. */
  decodeErrors = 0;
  /** Looks at the lake's tip that failed. */
  lakeFailures = 0;
  /** When the newest ledger that was sent was closed, in milliseconds since 1970. */
  lastClosedAtMs: number | undefined;
  /** Newest ledger that any stream sent, whatever others read again; 0 before the first. */
  lastLedgerSent = 0;
  /**
   * Why the last stream that failed did so, where it was not what the client asked for; undefined
   * once ledgers flow again.
   */
  lastError: string | undefined;

  /** Seconds since the newest ledger that was sent was closed; undefined before the first. */
  lagSeconds(nowMs: number): number | undefined {
    return this.lastClosedAtMs && Math.max(0, nowMs - this.lastClosedAtMs) / 1000;
  }

  /** Notes a batch that was handed to a stream. */
  sent(ledgers: number, bytes: number, lastLedger: number, closedAtMs?: number): void {
    this.ledgers += ledgers;
    this.bytes += bytes;
    this.batches++;
    this.lastError = undefined;
    // A reader of old ledgers does not make the source lag.
    if (lastLedger < this.lastLedgerSent) return;
    this.lastLedgerSent = lastLedger;
    this.lastClosedAtMs = closedAtMs ?? this.lastClosedAtMs;
  }
}
