import { type ApiClient, ApiError } from "./api_client.ts";
import type { ConsoleAction } from "./console_state.ts";

/** Time, as the connection needs it; a test has its own. */
export interface ConnectionTime {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once, later, unless it is cancelled with the function that is returned. */
  after(ms: number, call: () => void): () => void;
}

/** What a connection is made of. */
export interface LiveConnectionOptions {
  readonly client: Pick<ApiClient, "events">;
  readonly time: ConnectionTime;
  /** What happens is told here. */
  readonly dispatch: (action: ConsoleAction) => void;
}

/** Silence that means that the stream is dead: the control plane says every 15 s that it is alive. */
export const SILENCE_MS = 40_000;

/** First and longest pause before the next try. */
export const RETRY_MS = 1_000;
export const MAX_RETRY_MS = 15_000;

/**
 * Follows `/api/events` for as long as the page is open: a stream that ends, fails or falls silent
 * is opened again after a pause that doubles. Where a token is asked for it stops.
 *
 * Life: `start()`, `stop()`; both may be called again.
 */
export class LiveConnection {
  readonly #options: LiveConnectionOptions;
  #running: AbortController | undefined;

  /** Does nothing before `start()`. */
  constructor(options: LiveConnectionOptions) {
    this.#options = options;
  }

  /** Joins now, and whenever the connection is lost. */
  start(): void {
    this.stop();
    this.#running = new AbortController();
    void this.#run(this.#running.signal);
  }

  /** Leaves; nothing is told any more. */
  stop(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let pause = RETRY_MS;
    while (!signal.aborted) {
      const outcome = await this.#follow(signal);
      if (signal.aborted) return;
      const { dispatch } = this.#options;
      if (outcome.error?.asksForToken) {
        return dispatch({ what: "token needed", reason: outcome.error.message });
      }
      dispatch({ what: "lost", reason: outcome.error?.message ?? "The stream has ended." });
      pause = outcome.joined ? RETRY_MS : Math.min(MAX_RETRY_MS, pause * 2);
      await this.#pause(pause, signal);
    }
  }

  /** One stream, until it ends. */
  async #follow(signal: AbortSignal): Promise<{ joined: boolean; error?: ApiError }> {
    const { client, time, dispatch } = this.#options;
    const own = new AbortController();
    let joined = false;
    let unwatch = () => {};
    const watch = () => {
      unwatch();
      unwatch = time.after(SILENCE_MS, () => own.abort());
    };
    const heard = () => {
      watch();
      if (joined || signal.aborted) return;
      joined = true;
      dispatch({ what: "joined" });
    };
    watch();
    try {
      const both = AbortSignal.any([signal, own.signal]);
      for await (const event of client.events("/api/events", both, heard)) {
        if (signal.aborted) break;
        dispatch({ what: "event", ...event, atMs: time.now() });
      }
      return { joined };
    } catch (error) {
      return { joined, error: asApiError(error, own.signal.aborted) };
    } finally {
      unwatch();
    }
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.time.after(ms, resolve);
      signal.addEventListener("abort", () => {
        cancel();
        resolve();
      }, { once: true });
    });
  }
}

function asApiError(error: unknown, isSilent: boolean): ApiError {
  if (isSilent) return new ApiError("The control plane has fallen silent.", 0);
  return error instanceof ApiError ? error : new ApiError("The connection broke.", 0);
}
