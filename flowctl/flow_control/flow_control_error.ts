/**
 * What was asked wrongly:
 *
 * - `CAPACITY`: no room for another service, consumer, subscriber or waiter
 * - `SERVICE`: an index or name that no service has
 * - `VALUE`: a figure or name that cannot be
 * - `BUFFER`: a shared buffer that is none of flow control, or asks for the thread that made it
 * - `MESSAGE`: a flow signal of a consumer that cannot be read
 */
export type FlowControlErrorCode = "CAPACITY" | "SERVICE" | "VALUE" | "BUFFER" | "MESSAGE";

/** A wrong use of flow control; the sentence says what is wrong and what would be right. */
export class FlowControlError extends Error {
  /** The class's name. */
  override readonly name = "FlowControlError";

  /**
   * @param code what kind of thing is wrong
   * @param message one sentence
   */
  constructor(readonly code: FlowControlErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
