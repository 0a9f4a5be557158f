import { EventStreamParser, type StreamEvent } from "./event_stream_parser.ts";

/** The control plane did not answer as it should; the message is a sentence for people. */
export class ApiError extends Error {
  /** The class's name. */
  override readonly name = "ApiError";

  /** @param status of HTTP; 0 where there was no answer */
  constructor(message: string, readonly status: number) {
    super(message);
  }

  /** Whether a token is asked for, or another than the one that was sent. */
  get asksForToken(): boolean {
    return this.status === 401;
  }
}

/** How `fetch` is called here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Time after which a request counts as not answered. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Reads the control plane's HTTP API, with the token that was given. */
export class ApiClient {
  readonly #fetch: Fetch;
  readonly #token: () => string | undefined;

  /** @param token the bearer token now; `undefined` where there is none */
  constructor(fetch: Fetch, token: () => string | undefined) {
    this.#fetch = fetch;
    this.#token = token;
  }

  /**
   * The JSON of a path.
   *
   * @throws {ApiError} when there is no answer, or none that says ok
   */
  async json<T>(path: string, signal?: AbortSignal): Promise<T> {
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const both = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    const response = await this.#open(path, "application/json", both);
    try {
      return await response.json();
    } catch (cause) {
      throw new ApiError(`The answer of ${path} is no JSON: ${cause}`, response.status);
    }
  }

  /**
   * The events of a path, as they come; the loop ends when the stream does.
   *
   * @param heard is called for each piece that comes, signs of life included, first of all for the answer
   * @throws {ApiError} as `json`
   */
  async *events(path: string, signal: AbortSignal, heard: () => void): AsyncIterable<StreamEvent> {
    const response = await this.#open(path, "text/event-stream", signal);
    heard();
    const parser = new EventStreamParser();
    const decoder = new TextDecoder();
    const reader = response.body!.getReader();
    try {
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        heard();
        yield* parser.push(decoder.decode(read.value, { stream: true }));
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
  }

  async #open(path: string, accept: string, signal: AbortSignal): Promise<Response> {
    const token = this.#token();
    const headers: Record<string, string> = { accept };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    let response: Response;
    try {
      response = await this.#fetch(path, { headers, signal, cache: "no-store" });
    } catch (cause) {
      if (signal.aborted && (signal.reason as Error)?.name === "AbortError") throw cause;
      throw new ApiError("The control plane does not answer.", 0);
    }
    if (response.ok) return response;
    throw new ApiError(await refusal(response, token), response.status);
  }
}

/** Why there is no answer, for people. */
async function refusal(response: Response, token: string | undefined): Promise<string> {
  const said = await response.json().catch(() => undefined);
  if (response.status === 401) {
    return token === undefined ? "" : "The control plane does not take this token.";
  }
  const reason = typeof said?.error === "string" ? said.error : "it gives no reason";
  return `The control plane answers ${response.status}: ${reason}.`;
}
