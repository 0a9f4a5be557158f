import { constants, type ServerHttp2Stream } from "node:http2";

/**
 * Ends the HTTP/2 stream of a server's call at once, and lets go what it holds unsent. An error's
 * trailers would come behind that, so of a peer that takes nothing they would never be sent.
 * Clients of all languages tell REFUSED_STREAM as UNAVAILABLE.
 *
 * grpc-js has no way to do this; the members used are internal to it, so its version is pinned.
 */
export function resetStream(call: unknown): void {
  const { stream } = (call as { call: { stream: ServerHttp2Stream } }).call;
  stream.close(constants.NGHTTP2_REFUSED_STREAM);
}
