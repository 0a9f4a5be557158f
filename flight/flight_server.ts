import { Server, type ServerOptions, type UntypedServiceImplementation } from "@grpc/grpc-js";
import {
  BearerToken,
  deferGoaway,
  HEALTH_SERVICE,
  healthMethods,
  HealthService,
  listen,
  REFLECTION_SERVICES,
  reflectionMethods,
  ReflectionService,
  type TlsFiles,
} from "../grpc/mod.ts";
import { InflightBudget } from "./inflight_budget.ts";
import { protoFiles } from "./descriptors_generated.ts";
import type { FlightAction, FlightDataset } from "./flight_dataset.ts";
import { asFlightError } from "./flight_error.ts";
import { FlightHandlers } from "./flight_handlers.ts";
import { FLIGHT_SERVICE, flightMethods } from "./flight_service.ts";
import {
  CLOSE_MS,
  DEFAULT_GRACE_MS,
  DEFAULT_MAX_DO_GET_STREAMS,
  DEFAULT_MAX_INFLIGHT_BYTES,
  DEFAULT_MAX_INFLIGHT_BYTES_PER_STREAM,
  DEFAULT_MAX_INFLIGHT_LEDGERS,
  DEFAULT_MAX_MESSAGE_BYTES,
  MAX_CONCURRENT_STREAMS,
  REQUEST_TIMEOUT_MS,
  SERVER_KEEPALIVE_MS,
  SERVER_KEEPALIVE_TIMEOUT_MS,
  STALLED_STREAM_MS,
} from "./limits.ts";
import type { ReaderState } from "./stream_readers.ts";

/** What a FlightServer is made of. */
export interface FlightServerOptions {
  /** IP address or host name to listen on. */
  bindAddress: string;
  /** Port; 0 picks a free one. */
  port: number;
  /** What is served, by name. */
  datasets: readonly FlightDataset[];
  /** What DoAction runs, by type. */
  actions?: readonly FlightAction[];
  /** Largest message sent or received; 64 MiB by default. */
  maxMessageBytes?: number;
  /** DoGet streams at once; 6 by default. */
  maxDoGetStreams?: number;
  /** After how long without a message taken a stream gives way to others; 30 s by default. */
  stalledStreamMs?: number;
  /** How long an action may take; 25 s by default. */
  actionTimeoutMs?: number;
  /** Bytes in flight of one stream; 8 MiB by default. */
  maxInflightBytesPerStream?: number;
  /** Bytes in flight over all streams; 64 MiB by default. */
  maxInflightBytes?: number;
  /** Ledgers in flight over all streams, of which one stream holds a quarter; 1,000 by default. */
  maxInflightLedgers?: number;
  /** Without it the server speaks plain HTTP/2. */
  tls?: TlsFiles;
  /** Bearer token that every call but health checks must carry. */
  token?: string;
  /** Hears of errors that are not FlightErrors; the client is told no more than INTERNAL. */
  onError?: (error: unknown, where: string) => void;
}

/** Figures of a running server. */
export interface FlightServerStats {
  /** DoGet and DoPut streams that run. */
  streams: number;
  /** Bytes handed to HTTP/2 and not yet sent, over all streams. */
  inflightBytes: number;
  /** Ledgers in the same messages. */
  inflightLedgers: number;
  /** Bytes of messages sent since the start. */
  bytesSent: number;
  /** Record batches sent since the start. */
  batchesSent: number;
  /** Streams ended since the start because their peer took nothing while others waited. */
  stalledStreams: number;
}

/**
 * Serves datasets over Arrow Flight, with gRPC health and reflection on the same port.
 *
 * Life: `start()`, `setServing()` as it goes well or not, `stop()`. Bytes in flight are bounded
 * per stream and in all; a client that stops reading holds its dataset's `read` up.
 */
export class FlightServer {
  readonly #options: FlightServerOptions;
  readonly #handlers: FlightHandlers;
  readonly #health = new HealthService([FLIGHT_SERVICE, HEALTH_SERVICE]);
  readonly #budget: InflightBudget;
  #server: Server | undefined;
  #stopped: Promise<void> | undefined;

  /** Nothing happens before `start()`. */
  constructor(options: FlightServerOptions) {
    this.#options = options;
    this.#budget = new InflightBudget(options.maxInflightBytes ?? DEFAULT_MAX_INFLIGHT_BYTES, {
      stalledMs: options.stalledStreamMs ?? STALLED_STREAM_MS,
      maxLedgers: options.maxInflightLedgers ?? DEFAULT_MAX_INFLIGHT_LEDGERS,
    });
    this.#handlers = new FlightHandlers({
      datasets: options.datasets,
      actions: options.actions ?? [],
      token: options.token === undefined ? undefined : new BearerToken(options.token),
      budget: this.#budget,
      maxInflightBytesPerStream: options.maxInflightBytesPerStream ??
        DEFAULT_MAX_INFLIGHT_BYTES_PER_STREAM,
      maxMessageBytes: options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
      maxDoGetStreams: options.maxDoGetStreams ?? DEFAULT_MAX_DO_GET_STREAMS,
      actionTimeoutMs: options.actionTimeoutMs ?? REQUEST_TIMEOUT_MS,
      onError: options.onError ?? (() => {}),
    });
  }

  /**
   * Listens; resolves with the port. Throws FlightError FAILED_PRECONDITION when that address
   * cannot be listened on, or when certificate and key do not go together.
   */
  async start(): Promise<{ port: number }> {
    deferGoaway();
    const { maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES } = this.#options;
    const options: ServerOptions = {
      "grpc.max_receive_message_length": maxMessageBytes,
      "grpc.max_send_message_length": maxMessageBytes,
      "grpc.max_concurrent_streams": MAX_CONCURRENT_STREAMS,
      "grpc.keepalive_time_ms": SERVER_KEEPALIVE_MS,
      "grpc.keepalive_timeout_ms": SERVER_KEEPALIVE_TIMEOUT_MS,
    };
    const server = new Server(options);
    server.addService(flightMethods, this.#handlers.implementation());
    server.addService(healthMethods, { ...this.#health.handlers } as UntypedServiceImplementation);
    const reflection = new ReflectionService(protoFiles);
    for (const name of REFLECTION_SERVICES) {
      server.addService(reflectionMethods(name), {
        ServerReflectionInfo: this.#handlers.guardStream(reflection.serve),
      });
    }
    try {
      const bound = await listen(server, this.#options);
      this.#server = server;
      return { port: bound };
    } catch (error) {
      throw asFlightError(error);
    }
  }

  /** Tells health checks whether this server serves. */
  setServing(serving: boolean): void {
    this.#health.setServing(serving);
  }

  /** Figures now. */
  stats(): FlightServerStats {
    const { bytesSent, batchesSent } = this.#handlers.stats;
    return {
      streams: this.#handlers.streams,
      inflightBytes: this.#budget.used,
      inflightLedgers: this.#budget.ledgers,
      bytesSent,
      batchesSent,
      stalledStreams: this.#budget.endedStalled,
    };
  }

  /** The streams that are read, in the order in which they began: who reads, and how well. */
  readers(): ReaderState[] {
    return this.#handlers.readers.states();
  }

  /**
   * Takes no new calls, ends streams that follow the tip, lets the others finish for up to
   * `graceMs`, and ends those still running as UNAVAILABLE. Stopping twice waits for the same end.
   */
  stop(graceMs: number = DEFAULT_GRACE_MS): Promise<void> {
    this.#stopped ??= this.#stop(graceMs);
    return this.#stopped;
  }

  /** Stops with the default grace. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #stop(graceMs: number): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#health.setServing(false);
    this.#health.stop();
    this.#handlers.endFollowers();
    await settlesWithin(this.#handlers.idle(), graceMs);
    this.#handlers.endAll();
    // Streams are over now, or have been told so. Not grpc-js' tryShutdown: with server and client
    // in one process of Deno 2.9.6, a call or a close right after it crashed (an assertion in
    // nghttp2 on GOAWAY, or a segmentation fault). Closing connections at once has not.
    await new Promise((resolve) => setTimeout(resolve, CLOSE_MS));
    server.forceShutdown();
  }
}

/** Waits for the promise, but no longer than `ms`. */
async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
  await Promise.race([promise, timeout]);
  clearTimeout(timer);
}
