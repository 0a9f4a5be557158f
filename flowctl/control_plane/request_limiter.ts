import type { Clock } from "../component/mod.ts";
import { GrpcError } from "../../grpc/mod.ts";

/** Length of the span in which requests are counted. */
const SPAN_MS = 1_000;

/** Counts requests of each peer, and refuses those beyond the limit of each second. */
export class RequestLimiter {
  readonly #clock: Clock;
  readonly #perSecond: number;
  /** Of this second only, so that peers that are gone take no memory. */
  readonly #counts = new Map<string, number>();
  #spanStart = 0;

  /** `perSecond`: most requests of one peer in a second. */
  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
  }

  /**
   * Counts one request. Throws GrpcError RESOURCE_EXHAUSTED beyond the limit.
   *
   * @param peer `address:port`; the ports of one address are one peer
   */
  count(peer: string): void {
    const now = this.#clock.monotonic();
    if (now - this.#spanStart >= SPAN_MS) {
      this.#counts.clear();
      this.#spanStart = now;
    }
    const address = peer.slice(0, Math.max(0, peer.lastIndexOf(":")));
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    if (count <= this.#perSecond) return;
    throw new GrpcError(
      "RESOURCE_EXHAUSTED",
      `${address} sends more than ${this.#perSecond} requests a second: send fewer, or raise ` +
        "MAX_REQUESTS_PER_SECOND",
    );
  }
}
