import type { ClientReadableStream } from "@grpc/grpc-js";
import { CLIENT_READ_AHEAD_MESSAGES } from "./limits.ts";

/**
 * The messages of a call as they are asked for, and its error after the last one.
 *
 * grpc-js' own iterator drops messages that it holds when the error comes, and reads 16 ahead
 * whatever their size. Here a message or two are held; the rest stays behind HTTP/2's window.
 * `guard.ended` tells that the caller has ended the call: then nothing more is given.
 */
export async function* readMessages<T>(
  call: ClientReadableStream<T>,
  guard: { ended(): boolean },
): AsyncGenerator<T, void, undefined> {
  // The only way to set it: grpc-js makes the stream itself.
  const { _readableState: state } = call as unknown as {
    _readableState: { highWaterMark: number };
  };
  state.highWaterMark = CLIENT_READ_AHEAD_MESSAGES;
  const held: T[] = [];
  let failure: Error | undefined;
  let ended = false;
  let wake = () => {};
  call.on("data", (message: T) => {
    call.pause();
    held.push(message);
    wake();
  });
  // The error comes when the last message is in grpc-js' hands; the end when it is in ours.
  call.on("error", (error: Error) => {
    failure = error;
    wake();
  });
  call.on("end", () => {
    ended = true;
    wake();
  });
  for (;;) {
    if (guard.ended()) throw failure ?? new Error("The call was ended.");
    const message = held.shift();
    if (message !== undefined) {
      yield message;
      continue;
    }
    if (ended) {
      if (failure) throw failure;
      return;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    call.resume();
    await promise;
  }
}
