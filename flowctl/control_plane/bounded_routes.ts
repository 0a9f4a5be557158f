import type { HttpRoute, HttpRoutes } from "../component/mod.ts";
import type { AnswerQueue, AnswerStream } from "./answer_queue.ts";

/** Bytes that a peer is given at once; the last ones count no more once they are given. */
const CHUNK_BYTES = 64 * 1024;

/** Paths that are answered at once, so that it is known at once how long an answer is. */
export type PromptRoutes = Readonly<Record<string, (request: Request) => Response>>;

/**
 * The same paths, with answers that wait where too many bytes of others are not taken. An answer is
 * made once there is room for it, and given up where it is not taken while others wait.
 */
export function boundedRoutes(routes: PromptRoutes, answers: AnswerQueue): HttpRoutes {
  return Object.fromEntries(
    Object.entries(routes).map(([path, route]) => [path, bounded(route, answers)]),
  );
}

function bounded(route: (request: Request) => Response, answers: AnswerQueue): HttpRoute {
  return (request) => {
    // Nothing of the body is sent.
    if (request.method === "HEAD") return route(request);
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const stream = new BodyStream(reject);
    answers.add(stream, () => {
      try {
        const { body, status, headers } = route(request);
        resolve(new Response(stream.of(body ?? ReadableStream.from([])), { status, headers }));
        return Number(headers.get("content-length") ?? 0);
      } catch (error) {
        // The queue counts an answer only after this.
        queueMicrotask(() => stream.refuse(error));
        return 0;
      }
    });
    return promise;
  };
}

/**
 * The body of an answer, given out as it is taken. Each request counts as a connection. One whose peer
 * goes away while it waits is made all the same, and dropped by the server at once.
 */
class BodyStream implements AnswerStream {
  readonly connection = {};
  isClosed = false;
  readonly #callbacks: (() => void)[] = [];
  readonly #reject: (error: unknown) => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  /** @param reject ends the request while its answer has not been made */
  constructor(reject: (error: unknown) => void) {
    this.#reject = reject;
  }

  onClose(callback: () => void): void {
    this.#callbacks.push(callback);
  }

  reset(): void {
    this.refuse(new Error("the answer was not taken"));
  }

  /** Ends the answer, begun or not. */
  refuse(error: unknown): void {
    if (this.isClosed) return;
    this.#controller?.error(error);
    this.#reject(error);
    this.#close();
  }

  /** The same bytes. */
  of(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const chunks = body[Symbol.asyncIterator]();
    let rest: Uint8Array | undefined;
    return new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      pull: async (controller) => {
        rest ??= (await chunks.next()).value;
        if (rest !== undefined) {
          controller.enqueue(rest.subarray(0, CHUNK_BYTES));
          rest = rest.subarray(CHUNK_BYTES);
          // A peer that has read as many bytes as it was told of does not ask for the end.
          if (rest.length === 0) rest = (await chunks.next()).value;
        }
        if (rest !== undefined || this.isClosed) return;
        controller.close();
        this.#close();
      },
      cancel: () => this.#close(),
    }, { highWaterMark: 0 });
  }

  #close(): void {
    this.isClosed = true;
    for (const callback of this.#callbacks.splice(0)) callback();
  }
}
