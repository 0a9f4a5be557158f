/**
 * A ledger that is valid XDR but from which no token transfers can be derived, because it contradicts
 * the rules: no event of it may be emitted. The message names ledger, transaction and operation.
 */
export class TokenTransferError extends Error {
  override readonly name = "TokenTransferError";
  /** Sequence number of the ledger. */
  readonly ledger: number;

  constructor(ledger: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.ledger = ledger;
  }
}
