import { ignoresHangup, npmLauncher, whenGone } from "./launcher.ts";

/** Signals that ask the manager to stop the pipeline. */
const STOP_SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * A signal to a terminal's process group reaches the manager both directly and passed on by
 * `deno task`: only what comes later than this is somebody asking again.
 */
const ECHO_MS = 1_000;

/**
 * Whatever asks the manager to stop: a signal, or the end of the npm process that started it.
 * SIGHUP counts unless it was ignored when the manager started (nohup).
 */
export class StopRequests implements AsyncDisposable {
  readonly #first = new AbortController();
  readonly #second = new AbortController();
  readonly #disposed = new AbortController();
  readonly #handlers: [Deno.Signal, () => void][] = [];
  readonly #now: () => number;
  #firstAt = 0;

  /** @param now milliseconds of any clock that only goes forward */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Aborts with the reason at the first request. */
  get signal(): AbortSignal {
    return this.#first.signal;
  }

  /** Aborts at the second: whoever asks again wants no more waiting. */
  get urgent(): AbortSignal {
    return this.#second.signal;
  }

  /** @param options `detached`: whether this process has left its terminal and its launcher */
  async start(options: { detached?: boolean } = {}): Promise<void> {
    const hangupIgnored = await ignoresHangup();
    for (const signal of STOP_SIGNALS) {
      // Deno takes the disposition that nohup left away, so that it takes a handler to ignore it.
      const isIgnored = signal === "SIGHUP" && hangupIgnored;
      const handler = isIgnored ? () => {} : () => this.request(signal);
      Deno.addSignalListener(signal, handler);
      this.#handlers.push([signal, handler]);
    }
    const launcher = options.detached ? undefined : await npmLauncher(Deno.env);
    if (launcher !== undefined) {
      // Ctrl-C ends npm too, which then is no further request.
      whenGone(launcher, this.#disposed.signal, () => {
        if (!this.signal.aborted) this.request("npm has ended");
      });
    }
  }

  /** Takes in a request to stop. */
  request(reason: string): void {
    if (!this.#first.signal.aborted) {
      this.#firstAt = this.#now();
      this.#first.abort(reason);
    } else if (this.#now() - this.#firstAt > ECHO_MS) {
      this.#second.abort(reason);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed.abort();
    for (const [signal, handler] of this.#handlers) Deno.removeSignalListener(signal, handler);
    return Promise.resolve();
  }
}
