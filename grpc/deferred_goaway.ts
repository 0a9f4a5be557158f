import { connect, type Http2Session } from "node:http2";
import { Duplex } from "node:stream";

/** Marks the method that has taken the place of node:http2's own. */
const DEFERRED = Symbol("deferred goaway");

/**
 * Sends GOAWAY frames one turn of the event loop later than node:http2 would.
 *
 * Deno 2.9.6 answers a peer's GOAWAY from inside nghttp2's receiving, where nghttp2 ends the process by
 * an assertion (`stream->closed_next == NULL`): any client that closes its channel while a stream has just
 * ended could bring a server down. A turn later the same frame does no harm
 * (docs/decisions/0004-flight-on-grpc-js.md has the figures).
 *
 * The change is to this process' class of sessions, which is not exported and so is taken from a session
 * over a stream that leads nowhere. Doing it again changes nothing.
 */
export function deferGoaway(): void {
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const session = connect("http://localhost", { createConnection: () => socket });
  session.on("error", () => {});
  // ClientHttp2Session, then Http2Session, which server sessions have in common with it.
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf(session)) as Http2Session;
  session.destroy();
  const { goaway } = prototype;
  if (DEFERRED in goaway) return;
  function later(this: Http2Session, ...args: Parameters<Http2Session["goaway"]>): void {
    setTimeout(() => {
      if (!this.destroyed) goaway.apply(this, args);
    }, 0);
  }
  prototype.goaway = Object.assign(later, { [DEFERRED]: true });
}
