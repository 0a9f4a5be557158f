import type { handleUnaryCall, Metadata } from "@grpc/grpc-js";
import { type BearerToken, GrpcError, type GrpcFailure, toGrpcFailure } from "../../grpc/mod.ts";
import type { RequestLimiter } from "./request_limiter.ts";

/** What a handler may know of a call. */
export interface Caller {
  /** Host and port that the client used to reach the server, as the client says. */
  readonly authority: string;
}

/** How a request ended. Refused: the caller was told what is wrong with it. */
export type Outcome = "ok" | "refused" | "failed";

/** Hears how a request ended; `seconds` is what the handler took, 0 where it was not run. */
export type HearOutcome = (outcome: Outcome, call: string, seconds: number) => void;

/** What a guard is made of. */
export interface CallGuardOptions {
  /** Token that calls must carry. */
  readonly token: BearerToken | undefined;
  /** Counts requests. */
  readonly limiter: RequestLimiter;
  /** Hears of errors that are not GrpcErrors; the client is told no more than INTERNAL. */
  readonly onError: (error: unknown, where: string) => void;
  /** Hears of each request: how it ended, what was asked and, once it ran, how long it took. */
  readonly onOutcome: HearOutcome;
}

/** The part of grpc-js' calls that this needs. */
interface AnyCall {
  readonly metadata: Metadata;
  getPeer(): string;
}

/** Stands before all handlers: limit, token, errors. */
export class CallGuard {
  readonly #options: CallGuardOptions;

  constructor(options: CallGuardOptions) {
    this.#options = options;
  }

  /** A handler for grpc-js that answers at once. */
  unary<Q, S>(where: string, answer: (request: Q, caller: Caller) => S): handleUnaryCall<Q, S> {
    return (call, done) => {
      let response: S;
      const begun = performance.now();
      try {
        this.#admit(call);
        response = answer(call.request, { authority: call.getHost() });
      } catch (error) {
        return done(this.#failure(error, where));
      }
      this.#options.onOutcome("ok", where, (performance.now() - begun) / 1000);
      done(null, response);
    };
  }

  /** A handler for grpc-js that is run only for calls that are admitted. */
  stream<Call extends AnyCall & { emit(event: "error", error: Error): unknown }>(
    handler: (call: Call) => void,
  ): (call: Call) => void {
    return (call) => {
      try {
        this.#admit(call);
      } catch (error) {
        call.emit("error", this.#failure(error, "stream"));
        return;
      }
      handler(call);
    };
  }

  /** What a call that anyone may make is refused with, if it comes too soon after others. */
  refusal(call: AnyCall): GrpcFailure | undefined {
    try {
      this.#options.limiter.count(call.getPeer());
      return undefined;
    } catch (error) {
      return this.#failure(error, "health");
    }
  }

  /** Throws GrpcError when a call comes too soon after others, or without the token. */
  #admit(call: AnyCall): void {
    this.#options.limiter.count(call.getPeer());
    this.#options.token?.check(call.metadata);
  }

  #failure(error: unknown, where: string): GrpcFailure {
    const told = error instanceof GrpcError;
    this.#options.onOutcome(told ? "refused" : "failed", where, 0);
    if (!told) this.#options.onError(error, where);
    return toGrpcFailure(error);
  }
}
