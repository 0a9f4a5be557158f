import { Buffer } from "node:buffer";
import type { handleUnaryCall, Metadata, MethodDefinition } from "@grpc/grpc-js";
import { type BearerToken, GrpcError, type GrpcFailure, toGrpcFailure } from "../../grpc/mod.ts";
import type { Empty } from "../protocol/mod.ts";
import type { AnswerQueue } from "./answer_queue.ts";
import { answerStream } from "./answer_stream.ts";
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
  /** Bounds the answers that are not taken. */
  readonly answers: AnswerQueue;
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

/** Stands before all handlers: limit, token, bytes that are no message, errors, unread answers. */
export class CallGuard {
  readonly #options: CallGuardOptions;

  constructor(options: CallGuardOptions) {
    this.#options = options;
  }

  /**
   * A handler for grpc-js of a method of `inBytes`.
   *
   * @param act does at once what is asked, and returns what makes the answer, which is called when
   *   there is room for it: an answer that waits takes no memory
   */
  unary<Q, S>(
    method: MethodDefinition<Q, S>,
    act: (request: Q, caller: Caller) => () => S,
  ): handleUnaryCall<Buffer, Buffer> {
    const where = method.originalName!;
    return (call, done) => {
      const begun = performance.now();
      const fail = (error: unknown) => done(this.#failure(error, where));
      let answer: () => S;
      try {
        this.#admit(call);
        answer = act(method.requestDeserialize(call.request), { authority: call.getHost() });
      } catch (error) {
        return fail(error);
      }
      this.#options.answers.add(answerStream(call), () => {
        let bytes: Buffer;
        try {
          bytes = method.responseSerialize(answer());
        } catch (error) {
          fail(error);
          return 0;
        }
        this.#options.onOutcome("ok", where, secondsSince(begun));
        done(null, bytes);
        return bytes.length;
      });
    };
  }

  /** The same for a method without answer: that it is done is told at once, whatever is unread. */
  acknowledged<Q>(
    method: MethodDefinition<Q, Empty>,
    act: (request: Q) => void,
  ): handleUnaryCall<Buffer, Buffer> {
    const where = method.originalName!;
    return (call, done) => {
      const begun = performance.now();
      try {
        this.#admit(call);
        act(method.requestDeserialize(call.request));
      } catch (error) {
        return done(this.#failure(error, where));
      }
      this.#options.onOutcome("ok", where, secondsSince(begun));
      done(null, Buffer.alloc(0));
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

/** Methods of one service by their names. */
// deno-lint-ignore no-explicit-any -- of any messages; `unknown` would take none.
type Methods = Readonly<Record<string, MethodDefinition<any, any>>>;

/**
 * The same methods for handlers of bytes. The length of an answer is known so; and a request is read
 * once its caller may ask, and refused with what is wrong with it, which grpc-js would keep to itself.
 */
export function inBytes(methods: Methods): Record<string, MethodDefinition<Buffer, Buffer>> {
  const same = (bytes: Buffer) => bytes;
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      { ...method, requestDeserialize: same, responseSerialize: same },
    ]),
  );
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1000;
}
