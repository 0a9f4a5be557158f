/** What a running source counts, kept by its streams and read by health, metrics and `stats`. */
export class SourceStats {
  ledgers = 0;
  batches = 0;
  /** Bytes of `ledger_xdr` and the other columns. */
  bytes = 0;
  /** Streams that ended with an error, whoever made it. */
  failedStreams = 0;
  activeStreams = 0;
  /** Last ledger that any stream sent; 0 before the first. */
  lastLedgerSent = 0;
  /**
   * Why the last stream that failed did so, where it was not what the client asked for; undefined
   * once ledgers flow again.
   */
  lastError: string | undefined;

  /** Notes a batch that was handed to a stream. */
  sent(ledgers: number, bytes: number, lastLedger: number): void {
    this.ledgers += ledgers;
    this.bytes += bytes;
    this.batches++;
    this.lastLedgerSent = lastLedger;
    this.lastError = undefined;
  }
}
