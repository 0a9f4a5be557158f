/** A state file that cannot be used; the message names it and says what to do. */
export class StateFileError extends Error {
  /** The class's name. */
  override readonly name = "StateFileError";
  /** Tells this error from others. */
  readonly code = "STATE_FILE";

  /**
   * Tells what is wrong with one file.
   *
   * @param path the file
   * @param rule what is wrong with it, and what would be right
   */
  constructor(readonly path: string, readonly rule: string, options?: ErrorOptions) {
    super(`state file "${path}" ${rule}`, options);
  }
}
