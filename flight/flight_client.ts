import {
  type CallOptions,
  Client,
  type ClientOptions,
  connectivityState,
  Metadata,
  type MethodDefinition,
} from "@grpc/grpc-js";
import type { Schema } from "apache-arrow";
import { decodeEncapsulatedSchema } from "../arrow/mod.ts";
import {
  bearerHeader,
  clientCredentials,
  type ClientTlsFiles,
  deferGoaway,
  healthMethods,
  namedTarget,
  ServingStatus,
} from "../grpc/mod.ts";
import { InflightBudget } from "./inflight_budget.ts";
import type { FlightBatch, RangeRequest } from "./flight_dataset.ts";
import { asFlightError, FlightError, fromGrpcFailure } from "./flight_error.ts";
import { setConsumer } from "./flow_consumer.ts";
import { askInBandErrors, decodeInBandError } from "./in_band_error.ts";
import { flightMethods } from "./flight_service.ts";
import {
  CLIENT_KEEPALIVE_MS,
  CLIENT_KEEPALIVE_TIMEOUT_MS,
  DEFAULT_CONNECT_TIMEOUT_MS,
  DEFAULT_MAX_INFLIGHT_BYTES_PER_STREAM,
  DEFAULT_MAX_MESSAGE_BYTES,
  FLOW_CONTROL_WINDOW_BYTES,
  RECONNECT_BACKOFF_MS,
  REQUEST_TIMEOUT_MS,
} from "./limits.ts";
import {
  type ActionType,
  type BytesMessage,
  DescriptorType,
  encodeFlightDescriptor,
  type FlightInfo,
} from "./messages.ts";
import { receiveBatches } from "./receive_batches.ts";
import { descriptorOf } from "./range_descriptor.ts";
import { readMessages } from "./read_messages.ts";
import { sendBatches } from "./send_batches.ts";
import { decodeTicket, encodeTicket } from "./ticket.ts";

/** How a FlightClient connects. */
export interface FlightClientOptions extends ClientTlsFiles {
  /** Bearer token sent with every call. */
  token?: string;
  /** Largest message sent or received; 64 MiB by default. */
  maxMessageBytes?: number;
  /** What servers call who reads here: it is sent with each range that is read. */
  consumer?: string;
  /** Time for the connection to come about before a call fails as UNAVAILABLE. */
  connectTimeoutMs?: number;
}

/** A dataset as a server describes it. */
export interface FlightDescription {
  /** Name of the dataset. */
  dataset: string;
  /** Its schema, with metadata. */
  schema: Schema;
  /** First and last ledger that can be asked for now, where the server knows. */
  firstLedger?: number;
  /** Last ledger that can be asked for now. */
  lastLedger?: number;
  /** Rows; -1 when unknown. */
  totalRecords: number;
}

/** How a range can be read. */
export interface FlightRangeInfo extends FlightDescription {
  /** Sub-ranges in order, to be read one after the other or at once. */
  endpoints: RangeRequest[];
  /** Whether the endpoints are in the order of the data. */
  ordered: boolean;
}

const EMPTY = new Uint8Array(0);

/**
 * Reads and writes datasets of a Flight server.
 *
 * Life: made ready by the first call, connects again by itself, `close()`. Every method throws
 * FlightError; one that could not connect throws UNAVAILABLE and may be called again.
 */
export class FlightClient {
  readonly #client: Client;
  readonly #metadata = new Metadata();
  readonly #readMetadata: Metadata;
  readonly #connectTimeoutMs: number;
  readonly #maxMessageBytes: number;

  /**
   * `endpoint` is `host:port`. Throws FlightError INVALID_ARGUMENT when the token or the consumer's
   * name cannot be sent, or when the endpoint of a TLS connection is an IP address.
   */
  constructor(readonly endpoint: string, options: FlightClientOptions = {}) {
    deferGoaway();
    this.#connectTimeoutMs = options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS;
    this.#maxMessageBytes = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
    try {
      if (options.token !== undefined) {
        this.#metadata.set("authorization", bearerHeader(options.token));
      }
      this.#readMetadata = this.#metadata.clone();
      askInBandErrors(this.#readMetadata);
      if (options.consumer !== undefined) setConsumer(this.#readMetadata, options.consumer);
      this.#client = new Client(
        namedTarget(endpoint),
        clientCredentials(endpoint, options),
        channelOptions(this.#maxMessageBytes),
      );
    } catch (error) {
      throw asFlightError(error);
    }
  }

  /** The datasets of the server. */
  async listFlights(): Promise<FlightDescription[]> {
    const infos = await this.#collect(flightMethods.ListFlights, { value: EMPTY });
    return infos.map((info) => describe(info));
  }

  /** The schema of a dataset. */
  async getSchema(dataset: string): Promise<Schema> {
    const answer = await this.#ask(flightMethods.GetSchema, descriptorOf({ dataset }));
    return decodeEncapsulatedSchema(answer.value);
  }

  /** Schema, endpoints and totals of a range. */
  async getFlightInfo(request: RangeRequest): Promise<FlightRangeInfo> {
    const info = await this.#ask(flightMethods.GetFlightInfo, descriptorOf(request));
    return {
      ...describe(info),
      endpoints: info.endpoints.map((endpoint) => decodeTicket(endpoint.ticket)),
      ordered: info.ordered,
    };
  }

  /**
   * Batches of a range; ends when the server ends it. Reading slowly holds the server back: at
   * most one message is read ahead, the rest stays behind HTTP/2's window. Leaving the loop, or
   * the signal, cancels the call; the signal makes it throw CANCELLED.
   */
  async *doGet(
    request: RangeRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<FlightBatch, void, undefined> {
    const { path, requestSerialize, responseDeserialize } = flightMethods.DoGet;
    const call = this.#client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      { value: encodeTicket(request) },
      this.#readMetadata,
    );
    const guard = this.#guard(call, signal);
    try {
      yield* receiveBatches(readMessages(call, guard), {
        badMessage: "DATA_LOSS",
        onMetadata: (frame) => {
          const error = decodeInBandError(frame, this.endpoint);
          if (error !== undefined) throw error;
        },
      });
    } catch (error) {
      throw guard.failure(error);
    } finally {
      guard.release();
      call.cancel();
    }
  }

  /** Writes batches to a dataset; resolves when the server has kept them. */
  async doPut(
    dataset: string,
    batches: AsyncIterable<FlightBatch>,
    signal?: AbortSignal,
  ): Promise<void> {
    const schema = await this.getSchema(dataset);
    const { path, requestSerialize, responseDeserialize } = flightMethods.DoPut;
    const call = this.#client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      this.#metadata,
    );
    const guard = this.#guard(call, signal);
    const ended = new AbortController();
    const budget = new InflightBudget(DEFAULT_MAX_INFLIGHT_BYTES_PER_STREAM);
    const answered = new Promise<void>((resolve, reject) => {
      call.on("data", () => {});
      call.on("end", resolve);
      call.on("error", (error: Error) => {
        reject(error);
        ended.abort(error);
      });
    });
    try {
      const sent = sendBatches(call, batches, {
        schema,
        signal: ended.signal,
        budget,
        share: budget.share(budget.limit),
        maxMessageBytes: this.#maxMessageBytes,
        stats: { bytesSent: 0, batchesSent: 0 },
        descriptor: encodeFlightDescriptor(descriptorOf({ dataset })),
      }).then(() => call.end());
      await Promise.all([sent, answered]);
    } catch (error) {
      throw guard.failure(error);
    } finally {
      guard.release();
      call.cancel();
    }
  }

  /**
   * Runs an action with a body, of bytes or of what is sent as JSON; its answers are JSON values. The
   * signal cancels it.
   */
  async doAction(type: string, body?: unknown, signal?: AbortSignal): Promise<unknown[]> {
    const bytes = body instanceof Uint8Array
      ? body
      : body === undefined
      ? EMPTY
      : new TextEncoder().encode(JSON.stringify(body));
    const results = await this.#collect(flightMethods.DoAction, { type, body: bytes }, signal);
    return results.map(({ value }: BytesMessage) => {
      try {
        return JSON.parse(new TextDecoder().decode(value));
      } catch (cause) {
        throw new FlightError("DATA_LOSS", `Action "${type}" must answer with JSON.`, { cause });
      }
    });
  }

  /** The actions of the server. */
  async listActions(): Promise<ActionType[]> {
    return await this.#collect(flightMethods.ListActions, {});
  }

  /** Whether the server says that it serves; false too when it cannot be asked. */
  async healthy(): Promise<boolean> {
    try {
      const { status } = await this.#ask(healthMethods.Check, { service: "" });
      return status === ServingStatus.SERVING;
    } catch {
      return false;
    }
  }

  /**
   * Brings the connection about and asks whether the server serves.
   *
   * @throws {FlightError} UNAVAILABLE when it does not, or cannot be reached
   */
  async checkServing(signal?: AbortSignal): Promise<void> {
    try {
      const { status } = await this.#ask(healthMethods.Check, { service: "" }, signal);
      if (status === ServingStatus.SERVING) return;
    } catch (error) {
      // A server without health checks has answered all the same.
      if (error instanceof FlightError && error.code === "UNIMPLEMENTED") return;
      throw error;
    }
    throw new FlightError(
      "UNAVAILABLE",
      `Flight server ${this.endpoint} says that it does not serve.`,
    );
  }

  /** Closes the connection. End calls that run by their signal: left alone they fail as UNAVAILABLE. */
  close(): void {
    this.#client.close();
  }

  /** Closes. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  /** One request, one answer. */
  async #ask<Q, S>(
    method: MethodDefinition<Q, S>,
    request: Q,
    signal?: AbortSignal,
  ): Promise<S> {
    const { promise, resolve, reject } = Promise.withResolvers<S>();
    const call = this.#client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      this.#metadata,
      deadline(),
      (error, value) => error ? reject(error) : resolve(value!),
    );
    const guard = this.#guard(call, signal);
    try {
      return await promise;
    } catch (error) {
      throw guard.failure(error);
    } finally {
      guard.release();
    }
  }

  /** One request, all answers. */
  async #collect<Q, S>(
    method: MethodDefinition<Q, S>,
    request: Q,
    signal?: AbortSignal,
  ): Promise<S[]> {
    const call = this.#client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      this.#metadata,
      deadline(),
    );
    const guard = this.#guard(call, signal);
    const answers: S[] = [];
    try {
      for await (const answer of readMessages(call, guard)) answers.push(answer);
      return answers;
    } catch (error) {
      throw guard.failure(error);
    } finally {
      guard.release();
    }
  }

  /** What an error that was not brought about here means for the caller. */
  #told(error: unknown): FlightError {
    const told = fromGrpcFailure(error, this.endpoint);
    if (told.code !== "CANCELLED") return told;
    // Nobody cancelled here: it is what a connection that the server closes looks like at times.
    const text = `Flight server ${this.endpoint} closed the connection. ` +
      "Ask again from the ledger after the last one received.";
    return new FlightError("UNAVAILABLE", text, { cause: told });
  }

  /** Ends a call when its signal aborts, or when no connection comes about in time. */
  #guard(
    call: { cancel(): void; on(event: "error", f: () => void): unknown },
    signal?: AbortSignal,
  ) {
    let reason: FlightError | undefined;
    const end = (error: FlightError) => {
      reason ??= error;
      call.cancel();
    };
    // A call that is cancelled says so in an error event, which must not go unheard.
    call.on("error", () => {});
    const abort = () => {
      const cause = signal?.reason;
      end(new FlightError("CANCELLED", "The call was cancelled by its caller.", { cause }));
    };
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    const channel = this.#client.getChannel();
    const connected = channel.getConnectivityState(false) === connectivityState.READY;
    const timer = connected ? undefined : setTimeout(() => {
      if (channel.getConnectivityState(false) === connectivityState.READY) return;
      const text =
        `Flight server ${this.endpoint}: no connection within ${this.#connectTimeoutMs} ms.`;
      end(new FlightError("UNAVAILABLE", text));
    }, this.#connectTimeoutMs);
    return {
      /** Whether the call has been ended here, so that what still comes is not wanted. */
      ended: () => reason !== undefined,
      /** What the caller is told of an error. */
      failure: (error: unknown): FlightError => reason ?? this.#told(error),
      release: () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      },
    };
  }
}

function deadline(): CallOptions {
  return { deadline: Date.now() + REQUEST_TIMEOUT_MS };
}

function describe(info: FlightInfo): FlightDescription {
  const { descriptor } = info;
  const dataset = descriptor.type === DescriptorType.CMD
    ? decodeTicket(descriptor.cmd).dataset
    : descriptor.path[0] ?? "";
  const bounds = readBounds(info.appMetadata);
  return {
    dataset,
    schema: decodeEncapsulatedSchema(info.schema),
    ...(bounds.first_ledger !== undefined && { firstLedger: bounds.first_ledger }),
    ...(bounds.last_ledger !== undefined && { lastLedger: bounds.last_ledger }),
    totalRecords: info.totalRecords,
  };
}

/** The bounds in a FlightInfo's app_metadata; other servers may send anything there. */
function readBounds(bytes: Uint8Array): { first_ledger?: number; last_ledger?: number } {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) ?? {};
  } catch {
    return {};
  }
}

function channelOptions(maxMessageBytes: number): ClientOptions {
  return {
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
    "grpc-node.flow_control_window": FLOW_CONTROL_WINDOW_BYTES,
    "grpc.keepalive_time_ms": CLIENT_KEEPALIVE_MS,
    "grpc.keepalive_timeout_ms": CLIENT_KEEPALIVE_TIMEOUT_MS,
    "grpc.initial_reconnect_backoff_ms": RECONNECT_BACKOFF_MS.first,
    "grpc.max_reconnect_backoff_ms": RECONNECT_BACKOFF_MS.longest,
    // Every client has a connection of its own; grpc-js would share one among all of them.
    "grpc.use_local_subchannel_pool": 1,
    // Data never goes through a proxy of the environment.
    "grpc.enable_http_proxy": 0,
  };
}
