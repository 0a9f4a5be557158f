import { connect } from "node:net";
import { parseEndpoint } from "../../flowctl/mod.ts";

/** Longest wait for a connection: whoever answers later is of no use to a pipeline. */
const CONNECT_TIMEOUT_MS = 3_000;

/** Why nothing answers at `host:port`; `undefined` when somebody takes the connection. */
export async function whyNotReachable(endpoint: string): Promise<string | undefined> {
  const parsed = parseEndpoint(endpoint);
  if (parsed === undefined) return "it is not host:port";
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = connect({ host: parsed.host, port: parsed.port });
  socket.setTimeout(CONNECT_TIMEOUT_MS);
  socket.on("connect", () => resolve(undefined));
  socket.on("timeout", () => resolve(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`));
  socket.on("error", ({ message }) => resolve(message));
  return await promise.finally(() => socket.destroy());
}
