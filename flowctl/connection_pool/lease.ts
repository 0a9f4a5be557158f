import { PoolError } from "./pool_error.ts";
import type { Poolable } from "./pool_options.ts";

/** A connection that its holder alone uses, until it is given back. */
export class Lease<C extends Poolable> {
  /** Takes the way back; with an error when the connection broke. */
  #giveBack: ((error?: { readonly error: unknown }) => void) | undefined;

  constructor(
    /** What it is about. */
    readonly connection: C,
    /** Where it leads. */
    readonly endpoint: string,
    giveBack: (error?: { readonly error: unknown }) => void,
  ) {
    this.#giveBack = giveBack;
  }

  /** Gives the connection back as good. Throws PoolError RELEASED_TWICE when it has been given back. */
  release(): void {
    this.#back()();
  }

  /**
   * Gives the connection back as broken: its endpoint is left until it passes a check again. Throws
   * PoolError RELEASED_TWICE when it has been given back.
   */
  fail(error: unknown): void {
    this.#back()({ error });
  }

  /** Gives it back as good unless it has been given back. */
  [Symbol.dispose](): void {
    if (this.#giveBack !== undefined) this.release();
  }

  #back() {
    const giveBack = this.#giveBack;
    if (giveBack === undefined) {
      throw new PoolError(
        "RELEASED_TWICE",
        `The connection to ${this.endpoint} has been given back already: call release() or ` +
          "fail() once, for others may use it since.",
      );
    }
    this.#giveBack = undefined;
    return giveBack;
  }
}
