import { type Clock, type ClockTimer, jsonResponse } from "../component/mod.ts";
import { EventClient } from "./_event_client.ts";
import { KEEP_ALIVE_MS, MAX_EVENT_CLIENTS, MAX_WAITING_BYTES, RETRY_MS } from "./limits.ts";

/** What a stream of events is made of. */
export interface ServerSentEventsOptions {
  /** For the signs of life. */
  readonly clock: Clock;
  /** Clients at once; 50 by default. */
  readonly maxClients?: number;
  /** Bytes that may wait for a client; 1 MiB by default. */
  readonly maxWaitingBytes?: number;
}

/** One event, with what its data is made from. */
export interface ServerSentEvent {
  /** Its name; clients listen for it. */
  readonly event: string;
  /** Anything that JSON has a form for. */
  readonly data: unknown;
}

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  // nginx would hold back what is small.
  "x-accel-buffering": "no",
};

/**
 * Events for whoever listens over HTTP, by the protocol of EventSource. Clients are bounded, and so
 * is what waits for one: a client that takes less than comes is closed, and connects again.
 *
 * Life: nothing runs while nobody listens; `stop()` closes all streams.
 */
export class ServerSentEvents {
  readonly #clock: Clock;
  readonly #maxClients: number;
  readonly #maxWaitingBytes: number;
  readonly #clients = new Set<EventClient>();
  readonly #encoder = new TextEncoder();
  #keepAlive: ClockTimer | undefined;
  #isStopped = false;

  /** Listens to nobody yet. */
  constructor(options: ServerSentEventsOptions) {
    this.#clock = options.clock;
    this.#maxClients = options.maxClients ?? MAX_EVENT_CLIENTS;
    this.#maxWaitingBytes = options.maxWaitingBytes ?? MAX_WAITING_BYTES;
  }

  /** How many listen. */
  get clients(): number {
    return this.#clients.size;
  }

  /**
   * Answers a client with a stream, or with 503 when there are enough.
   *
   * @param first what it is told at once
   */
  open(request: Request, first?: ServerSentEvent): Response {
    if (request.method === "HEAD") return new Response(null, { headers: HEADERS });
    if (this.#isStopped) return jsonResponse(503, { error: "the process stops" });
    if (this.#clients.size >= this.#maxClients) {
      const error = `${this.#maxClients} clients listen already; close one, or try again later`;
      return jsonResponse(503, { error }, { "retry-after": "10" });
    }
    const client = new EventClient(() => this.#remove(client));
    this.#add(client);
    client.send(this.#encoder.encode(`retry: ${RETRY_MS}\n\n`));
    if (first !== undefined) client.send(this.#encode(first));
    return new Response(client.stream, { headers: HEADERS });
  }

  /** Tells all who listen; the data is made only where somebody does. */
  publish(event: string, data: () => unknown): void {
    if (this.#clients.size > 0) this.#send(this.#encode({ event, data: data() }));
  }

  /** Closes all streams, and opens no more. */
  stop(): void {
    this.#isStopped = true;
    for (const client of this.#clients) this.#close(client);
  }

  #encode({ event, data }: ServerSentEvent): Uint8Array {
    return this.#encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #send(bytes: Uint8Array): void {
    for (const client of this.#clients) {
      const { waitingBytes } = client;
      // Who has taken everything is told also what is larger than the limit.
      if (waitingBytes > 0 && waitingBytes + bytes.length > this.#maxWaitingBytes) {
        this.#close(client);
      } else client.send(bytes);
    }
  }

  #close(client: EventClient): void {
    this.#remove(client);
    client.close();
  }

  #add(client: EventClient): void {
    this.#clients.add(client);
    const comment = this.#encoder.encode(": alive\n\n");
    this.#keepAlive ??= this.#clock.setInterval(() => this.#send(comment), KEEP_ALIVE_MS);
  }

  #remove(client: EventClient): void {
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    this.#keepAlive?.stop();
    this.#keepAlive = undefined;
  }
}
