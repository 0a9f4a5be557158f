import { Client } from "@grpc/grpc-js";
import { clientCredentials, type ClientTlsFiles } from "./client_credentials.ts";
import { deferGoaway } from "./deferred_goaway.ts";
import { healthMethods, ServingStatus } from "./health_service.ts";
import { plainReason } from "./plain_reason.ts";
import { namedTarget } from "./resolver.ts";

/** Longest wait for one answer: a server that takes longer is as good as silent. */
const ANSWER_TIMEOUT_MS = 2_000;

/** gRPC's number of an answer that did not come in time. */
const DEADLINE_EXCEEDED = 4;

/** What a gRPC server says of itself. */
export interface ServingReply {
  /** Name of the status as grpc.health.v1 has it; `undefined` when there was no answer. */
  readonly status: keyof typeof ServingStatus | undefined;
  /** Why there is no answer. */
  readonly error?: string;
}

/**
 * Asks a gRPC server by grpc.health.v1 whether it serves, over a connection of its own.
 *
 * @param endpoint `host:port`
 * @returns never rejects
 */
export async function checkHealth(
  endpoint: string,
  tls: ClientTlsFiles = {},
  signal?: AbortSignal,
): Promise<ServingReply> {
  let client: Client | undefined;
  try {
    deferGoaway();
    client = new Client(namedTarget(endpoint), clientCredentials(endpoint, tls), {
      "grpc.enable_http_proxy": 0,
      // A connection that an earlier check left broken must not be taken for this server's.
      "grpc.use_local_subchannel_pool": 1,
    });
    const status = await ask(client, signal);
    const name = Object.entries(ServingStatus).find(([, value]) => value === status)?.[0];
    return { status: name as keyof typeof ServingStatus | undefined };
  } catch (error) {
    // grpc-js puts its own words before those of the failure.
    const { code, details, message } = error as {
      code?: number;
      details?: string;
      message: string;
    };
    const reason = code === DEADLINE_EXCEEDED
      ? `no answer within ${ANSWER_TIMEOUT_MS / 1000} s`
      : plainReason(details ?? message);
    return { status: undefined, error: reason };
  } finally {
    client?.close();
  }
}

function ask(client: Client, signal: AbortSignal | undefined): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const { path, requestSerialize, responseDeserialize } = healthMethods.Check;
  const call = client.makeUnaryRequest(
    path,
    requestSerialize,
    responseDeserialize,
    { service: "" },
    { deadline: Date.now() + ANSWER_TIMEOUT_MS },
    (error, reply) => error === null ? resolve(reply!.status) : reject(error),
  );
  const cancel = () => call.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  if (signal?.aborted) cancel();
  return promise.finally(() => signal?.removeEventListener("abort", cancel));
}
