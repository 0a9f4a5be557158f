import { Client, type ClientOptions, Metadata, type MethodDefinition } from "@grpc/grpc-js";
import {
  bearerHeader,
  clientCredentials,
  type ClientTlsFiles,
  deferGoaway,
  GrpcError,
  grpcErrorCode,
  namedTarget,
  plainReason,
} from "../../grpc/mod.ts";
import { ControlPlaneError } from "./control_plane_error.ts";
import {
  CALL_TIMEOUT_MS,
  FIRST_BACKOFF_MS,
  KEEPALIVE_MS,
  KEEPALIVE_TIMEOUT_MS,
  LONGEST_BACKOFF_MS,
  MAX_ANSWER_BYTES,
} from "./limits.ts";

/** How a channel connects. */
export interface GrpcChannelOptions extends ClientTlsFiles {
  /** Bearer token sent with every call. */
  readonly token?: string;
}

/** How one call is bounded. */
export interface CallBounds {
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the answer; 5 s by default. */
  readonly timeoutMs?: number;
}

/** The text by which Go's flowctl says NOT_FOUND, with the code UNKNOWN; of an empty id as well. */
const SERVICE_NOT_FOUND = /\bservice .* not found\b/;

/** gRPC's number of UNKNOWN. */
const UNKNOWN = 2;

/**
 * Calls to a control plane over one connection, which both protocols share. A connection that has
 * failed is given up and the next call opens a new one, so that neither a half-open connection nor
 * grpc-js' own pauses outlast a control plane's restart.
 */
export class GrpcChannel {
  readonly #options: GrpcChannelOptions;
  #client: Client | undefined;

  /** `endpoint` is `host:port`. Connects with the first call. */
  constructor(readonly endpoint: string, options: GrpcChannelOptions = {}) {
    this.#options = options;
  }

  /** One request, one answer. Throws ControlPlaneError. */
  async call<Q, S>(
    method: MethodDefinition<Q, S>,
    request: Q,
    { signal, timeoutMs = CALL_TIMEOUT_MS }: CallBounds = {},
  ): Promise<S> {
    const { promise, resolve, reject } = Promise.withResolvers<S>();
    let client: Client | undefined;
    let cancel = () => {};
    try {
      signal?.throwIfAborted();
      client = this.#connected();
      const call = client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        this.#metadata(),
        { deadline: Date.now() + timeoutMs },
        (error, answer) => error === null ? resolve(answer!) : reject(error),
      );
      cancel = () => call.cancel();
      signal?.addEventListener("abort", cancel, { once: true });
      return await promise;
    } catch (error) {
      if (signal?.aborted) {
        // Whoever lost patience may have waited for a connection that leads nowhere.
        this.#giveUp(client);
        throw signal.reason;
      }
      const told = this.#told(error);
      if (told.code === "UNAVAILABLE" || told.code === "DEADLINE_EXCEEDED") this.#giveUp(client);
      throw told;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  /** Closes the connection; a call after that opens another one. */
  close(): void {
    this.#giveUp(this.#client);
  }

  #connected(): Client {
    if (this.#client !== undefined) return this.#client;
    deferGoaway();
    const credentials = clientCredentials(this.endpoint, this.#options);
    return this.#client = new Client(namedTarget(this.endpoint), credentials, CHANNEL_OPTIONS);
  }

  #giveUp(client: Client | undefined): void {
    client?.close();
    if (client === this.#client) this.#client = undefined;
  }

  #metadata(): Metadata {
    const metadata = new Metadata();
    const { token } = this.#options;
    if (token !== undefined) metadata.set("authorization", bearerHeader(token));
    return metadata;
  }

  #told(error: unknown): ControlPlaneError {
    const told = (code: GrpcError["code"], reason: string) =>
      new ControlPlaneError(code, this.endpoint, plainReason(reason), { cause: error });
    if (error instanceof GrpcError) return told(error.code, error.message);
    const { code, details, message } = error as { code?: number; details?: string } & Error;
    const text = details || message;
    if (code === UNKNOWN && SERVICE_NOT_FOUND.test(text)) return told("NOT_FOUND", text);
    const known = typeof code === "number" ? grpcErrorCode(code) : "INTERNAL";
    // Nobody cancelled here: it is what a connection that the server closes looks like at times.
    if (known === "CANCELLED") return told("UNAVAILABLE", "it closed the connection");
    if (known === "DEADLINE_EXCEEDED") return told(known, "it did not answer in time");
    return told(known, text);
  }
}

const CHANNEL_OPTIONS: ClientOptions = {
  "grpc.max_receive_message_length": MAX_ANSWER_BYTES,
  "grpc.keepalive_time_ms": KEEPALIVE_MS,
  "grpc.keepalive_timeout_ms": KEEPALIVE_TIMEOUT_MS,
  "grpc.initial_reconnect_backoff_ms": FIRST_BACKOFF_MS,
  "grpc.max_reconnect_backoff_ms": LONGEST_BACKOFF_MS,
  // Each client has a connection of its own; grpc-js would share one that may be broken.
  "grpc.use_local_subchannel_pool": 1,
  // The control plane is never reached through a proxy of the environment.
  "grpc.enable_http_proxy": 0,
};
