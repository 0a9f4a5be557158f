/** Unix time of ledger 0 of the simulated network: 2025-01-01T00:00:00Z. */
const GENESIS_TIME_S = 1_735_689_600;
/** Seconds from one ledger to the next. */
const LEDGER_SECONDS = 5;

/** Close time of a ledger in Unix seconds: it follows from the sequence, never from a clock. */
export function closeTimeOf(ledger: number): number {
  return GENESIS_TIME_S + LEDGER_SECONDS * ledger;
}
