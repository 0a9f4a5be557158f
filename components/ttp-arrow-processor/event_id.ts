const ZERO = 0x30;
const DASH = 0x2d;

/** Digits of ledger, transaction, operation and position. */
const LEDGER_DIGITS = 10;
const TRANSACTION_DIGITS = 7;
const OPERATION_DIGITS = 5;
const POSITION_DIGITS = 5;

const TRANSACTION_AT = LEDGER_DIGITS + 1;
const OPERATION_AT = TRANSACTION_AT + TRANSACTION_DIGITS + 1;
const POSITION_AT = OPERATION_AT + OPERATION_DIGITS + 1;

/** Length of an event id. */
export const EVENT_ID_LENGTH: number = POSITION_AT + POSITION_DIGITS;
/** Largest position that an id can hold. */
export const MAX_EVENT_POSITION: number = 10 ** POSITION_DIGITS - 1;

/**
 * Writes event ids: ledger, transaction, operation (0 for the transaction itself) and position among the
 * unfiltered events of that operation or transaction, zero-padded and joined by `-`, for example
 * `0053312000-0000012-00001-00000`. An id is stable for ever, unique, and sorts by ledger.
 *
 * Only what differs from the id before is written again; the text is in `bytes`.
 */
export class EventIdWriter {
  readonly bytes: Uint8Array = new Uint8Array(EVENT_ID_LENGTH).fill(DASH);
  #ledger = -1;
  #transaction = -1;
  #operation = -1;

  /** Writes the id; throws RangeError when a number has more digits than its place. */
  write(ledger: number, transaction: number, operation: number, position: number): void {
    if (ledger !== this.#ledger) {
      this.#ledger = -1; // unknown until all digits are written
      writeDigits(this.bytes, 0, LEDGER_DIGITS, ledger);
      this.#ledger = ledger;
    }
    if (transaction !== this.#transaction) {
      this.#transaction = -1;
      writeDigits(this.bytes, TRANSACTION_AT, TRANSACTION_DIGITS, transaction);
      this.#transaction = transaction;
    }
    if (operation !== this.#operation) {
      this.#operation = -1;
      writeDigits(this.bytes, OPERATION_AT, OPERATION_DIGITS, operation);
      this.#operation = operation;
    }
    writeDigits(this.bytes, POSITION_AT, POSITION_DIGITS, position);
  }
}

function writeDigits(bytes: Uint8Array, at: number, width: number, value: number): void {
  let rest = value;
  for (let i = at + width - 1; i >= at; i--) {
    const quotient = Math.floor(rest / 10);
    bytes[i] = ZERO + (rest - quotient * 10);
    rest = quotient;
  }
  if (rest !== 0) throw new RangeError(`${value} has more than the ${width} digits of its place`);
}
