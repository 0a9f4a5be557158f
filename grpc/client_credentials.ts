import { Buffer } from "node:buffer";
import { type ChannelCredentials, credentials } from "@grpc/grpc-js";
import { GrpcError } from "./grpc_error.ts";

/** What a client's TLS is made of; without an authority it speaks plain HTTP/2. */
export interface ClientTlsFiles {
  /** Certificate authority in PEM; with it the connection is TLS. */
  tlsCa?: Uint8Array;
  /** Certificate and key in PEM that the client shows (mTLS). */
  clientCertificate?: Uint8Array;
  /** Private key of the client certificate. */
  clientKey?: Uint8Array;
}

/**
 * The header of a token. Throws GrpcError INVALID_ARGUMENT for bytes that a header may not have:
 * they would cost the whole connection.
 */
export function bearerHeader(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return `Bearer ${token}`;
  throw new GrpcError(
    "INVALID_ARGUMENT",
    "A token must be printable ASCII without spaces, at least one character.",
  );
}

/**
 * Credentials for an endpoint `host:port`. Throws GrpcError INVALID_ARGUMENT when the endpoint of a
 * TLS connection is an IP address.
 */
export function clientCredentials(
  endpoint: string,
  options: ClientTlsFiles,
): ChannelCredentials {
  const { tlsCa, clientCertificate, clientKey } = options;
  if (tlsCa === undefined) return credentials.createInsecure();
  const host = endpoint.replace(/:\d+$/, "");
  if (/^\[|^[\d.]+$/.test(host)) {
    // The host's name is what TLS checks the certificate by, and grpc-js can send no address.
    throw new GrpcError(
      "INVALID_ARGUMENT",
      `A TLS endpoint must be the host name of its certificate: ${endpoint} is an IP address.`,
    );
  }
  const buffer = (bytes: Uint8Array | undefined) => bytes === undefined ? null : Buffer.from(bytes);
  return credentials.createSsl(buffer(tlsCa), buffer(clientKey), buffer(clientCertificate));
}
