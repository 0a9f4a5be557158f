/**
 * An error that says whether a restart would end the same way: the data itself stops the work, such
 * as a ledger that does not decode or a table of another network, and not the moment, such as a
 * full disk or an upstream that is away. Any error class may have the property; those without it
 * count as curable.
 */
export interface FinalError extends Error {
  /** Whether another try, with everything as it is, ends the same way. */
  readonly isFinal: boolean;
}

/** Whether a restart of the component that ended with this error would end the same way. */
export function isFinal(error: unknown): boolean {
  return error instanceof Error && (error as Partial<FinalError>).isFinal === true;
}
