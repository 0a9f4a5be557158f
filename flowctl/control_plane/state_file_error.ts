/** A state file that cannot be used; the message names it and says what to do. */
export class StateFileError extends Error {
  /** The class's name. */
  override readonly name = "StateFileError";
  /** Tells this error from others. */
  readonly code = "STATE_FILE";
}
