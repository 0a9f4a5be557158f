import type { ComponentEnd } from "./component_end.ts";

/**
 * A restart by request, between whoever asks for it and the component's supervisor: requested,
 * reached when the process is gone, released, finished when the new process is ready.
 */
export class Hold {
  readonly #requested = Promise.withResolvers<"hold">();
  readonly #reached = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<"released">();
  readonly #finished = Promise.withResolvers<ComponentEnd | undefined>();

  /** Resolves when a hold is asked for. */
  get requested(): Promise<"hold"> {
    return this.#requested.promise;
  }

  /** Resolves when the component may start again. */
  get released(): Promise<"released"> {
    return this.#released.promise;
  }

  /** Asks; resolves when the process is gone. */
  async request(): Promise<void> {
    this.#requested.resolve("hold");
    await this.#reached.promise;
  }

  /** The process is gone. */
  reached(): void {
    this.#reached.resolve();
  }

  /** Lets it start again; resolves with `undefined` once it is ready, else with how it ended. */
  async release(): Promise<ComponentEnd | undefined> {
    this.#released.resolve("released");
    return await this.#finished.promise;
  }

  /** It is ready again, or has ended before. */
  finish(end: ComponentEnd | undefined): void {
    this.#finished.resolve(end);
  }

  /** There is nothing left that could be held or released. */
  end(): void {
    this.#reached.resolve();
    this.#finished.resolve({ kind: "stopped" });
  }
}
