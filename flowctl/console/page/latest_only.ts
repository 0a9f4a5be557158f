/**
 * Work that is asked for more often than it can be done: it runs one at a time, and once more when
 * it was asked for in between.
 */
export class LatestOnly {
  readonly #work: () => Promise<void>;
  #isRunning = false;
  #isAskedAgain = false;

  /** @param work must not throw */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Runs the work now, or once it is free. */
  async ask(): Promise<void> {
    this.#isAskedAgain = true;
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      await this.#work();
    }
    this.#isRunning = false;
  }
}
