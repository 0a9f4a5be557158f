import { Buffer } from "node:buffer";
import { type Server, ServerCredentials, setLogger } from "@grpc/grpc-js";
import { GrpcError } from "./grpc_error.ts";

/** Certificate and key in PEM; with `clientCa`, clients must show a certificate of that authority. */
export interface TlsFiles {
  /** Certificate, with its chain. */
  certificate: Uint8Array;
  /** Private key of the certificate. */
  key: Uint8Array;
  /** Authority of client certificates (mTLS). */
  clientCa?: Uint8Array;
}

/** Where and how a server listens. */
export interface ListenOptions {
  /** IP address or host name to listen on. */
  readonly bindAddress: string;
  /** Port; 0 picks a free one. */
  readonly port: number;
  /** Without it the server speaks plain HTTP/2. */
  readonly tls?: TlsFiles;
}

/**
 * Lets a server listen; resolves with the port. Throws GrpcError FAILED_PRECONDITION when that
 * address cannot be listened on, or when certificate and key do not go together; the server is shut
 * down then.
 */
export async function listen(server: Server, options: ListenOptions): Promise<number> {
  const { bindAddress, port } = options;
  const host = bindAddress.includes(":") ? `[${bindAddress}]` : bindAddress;
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  setLogger(LOGGER);
  try {
    server.bindAsync(
      `${host}:${port}`,
      serverCredentials(options.tls),
      (error, bound) => error ? reject(error) : resolve(bound),
    );
    return await promise;
  } catch (cause) {
    server.forceShutdown();
    throw bindError(cause, bindAddress, port);
  }
}

/** What grpc-js logs of an address that it cannot listen on, and tells its caller besides. */
const TOLD_TWICE = /^No address added out of total /;

/** grpc-js's own logger, but for what `listen` throws: that is told as an error with advice. */
const LOGGER: Parameters<typeof setLogger>[0] = {
  error: (message: unknown) => {
    if (!TOLD_TWICE.test(String(message))) console.error(`E ${message}`);
  },
  info: (message: unknown) => console.error(`I ${message}`),
  debug: (message: unknown) => console.error(`D ${message}`),
};

function serverCredentials(tls: TlsFiles | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  return ServerCredentials.createSsl(
    // Clients are checked only with `clientCa`; with no authority at all Deno 2.9.6 serves no TLS.
    Buffer.from(tls.clientCa ?? tls.certificate),
    [{ cert_chain: Buffer.from(tls.certificate), private_key: Buffer.from(tls.key) }],
    tls.clientCa !== undefined,
  );
}

function bindError(cause: unknown, address: string, port: number): GrpcError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const taken = /EADDRINUSE|address already in use/i.test(reason);
  if (taken) {
    // The sentence says all that the cause does.
    return new GrpcError(
      "FAILED_PRECONDITION",
      `Port ${port} on ${address} is taken. Choose another PORT (0 picks a free one), or stop ` +
        "whoever has it.",
    );
  }
  const message = `Cannot listen on ${address}, port ${port}: ${reason}`;
  return new GrpcError("FAILED_PRECONDITION", message, { cause });
}
