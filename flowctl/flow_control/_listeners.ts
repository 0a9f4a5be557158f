import { FlowControlError } from "./flow_control_error.ts";
import { MAX_SUBSCRIBERS } from "./limits.ts";

/** Functions that are told something, none of which can hurt the others or who tells. */
export class Listeners<T> {
  /** Never changed but replaced, so that one may leave while it is told. */
  #all: readonly ((value: T) => void)[] = [];
  readonly #onError: (error: unknown) => void;

  /** `onError` gets what a listener throws. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  get count(): number {
    return this.#all.length;
  }

  /**
   * Adds a listener.
   *
   * @returns a function that takes it away; a second time does nothing
   * @throws FlowControlError CAPACITY when there are too many
   */
  add(listener: (value: T) => void): () => void {
    if (this.#all.length >= MAX_SUBSCRIBERS) {
      throw new FlowControlError(
        "CAPACITY",
        `There are ${MAX_SUBSCRIBERS} subscribers already, which is the most: unsubscribe one`,
      );
    }
    // A function may subscribe twice, and then leaves twice.
    const entry = (value: T) => listener(value);
    this.#all = [...this.#all, entry];
    return () => {
      this.#all = this.#all.filter((each) => each !== entry);
    };
  }

  /** Calls all of them, in the order in which they came. */
  tell(value: T): void {
    const all = this.#all;
    for (let i = 0; i < all.length; i++) {
      try {
        all[i]!(value);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  #report(error: unknown): void {
    try {
      this.#onError(error);
    } catch {
      // Who is to be told of errors throws one: there is nobody left to tell.
    }
  }
}
