/** How many tests of a suite passed, failed and were skipped. A check counts as one test. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The tally of a suite in which nothing ran. */
export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

/** The tally of one check. */
export function oneCheck(ok: boolean): Tally {
  return ok ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

/** The tallies together. */
export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce((a, b) => ({
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  }), NOTHING);
}

/** `N passed, N failed`, and `, N skipped` when some were: the form that CI reads. */
export function tallyLine(tally: Tally): string {
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : "";
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`;
}
