/**
 * One who listens: what is sent waits here until it is taken. Not in the stream's own queue, which
 * can only be let go with an error, and Deno writes those to standard error.
 */
export class EventClient {
  /** What the client is given. */
  readonly stream: ReadableStream<Uint8Array>;
  readonly #queue: Uint8Array[] = [];
  #waitingBytes = 0;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #wake: (() => void) | undefined;
  #isClosed = false;

  /** @param left is called when the client has gone by itself */
  constructor(left: () => void) {
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#pull(),
      cancel: () => {
        this.#end();
        left();
      },
    }, { highWaterMark: 0 });
  }

  /** Bytes that have been sent and not been taken. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Puts bytes at the end of what waits. */
  send(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#queue.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#wake?.();
  }

  /** Ends the stream; what waits is let go. */
  close(): void {
    if (this.#isClosed) return;
    this.#end();
    this.#controller.close();
  }

  #end(): void {
    this.#isClosed = true;
    this.#queue.length = 0;
    this.#waitingBytes = 0;
    this.#wake?.();
  }

  async #pull(): Promise<void> {
    while (this.#queue.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const bytes = this.#queue.shift();
    if (bytes === undefined) return;
    this.#waitingBytes -= bytes.length;
    this.#controller.enqueue(bytes);
  }
}
