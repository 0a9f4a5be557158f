/** What went wrong with columns, schemas or IPC messages. */
export type ArrowErrorCode = "SCHEMA_MISMATCH" | "COLUMN_LENGTH" | "TOO_LARGE" | "BAD_MESSAGE";

/** An error of column building or IPC framing; the message names the column or the message. */
export class ArrowError extends Error {
  /** Name of the class. */
  override readonly name = "ArrowError";

  /** `message` is one sentence. */
  constructor(readonly code: ArrowErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
