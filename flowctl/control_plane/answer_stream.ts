import type { ServerHttp2Stream } from "node:http2";
import { resetStream } from "../../grpc/mod.ts";
import type { AnswerStream } from "./answer_queue.ts";

/**
 * The HTTP/2 stream of a call. grpc-js does not tell when an answer has left; the stream, which is a
 * member internal to it, closes then.
 */
export function answerStream(call: unknown): AnswerStream {
  const { stream } = (call as { call: { stream: ServerHttp2Stream } }).call;
  return {
    // A stream that is destroyed has none; nothing is sent by it either.
    connection: stream.session ?? stream,
    get isClosed() {
      return stream.closed || stream.destroyed;
    },
    onClose: (callback) => stream.once("close", callback),
    reset: () => resetStream(call),
  };
}
