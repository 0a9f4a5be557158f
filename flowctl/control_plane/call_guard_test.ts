import { assertEquals } from "@std/assert";
import { Metadata, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { Buffer } from "node:buffer";
import { BearerToken, type Codec, GrpcError, grpcMethod } from "../../grpc/mod.ts";
import { FakeClock } from "../component/mod.ts";
import { AnswerQueue } from "./answer_queue.ts";
import { CallGuard, type Outcome } from "./call_guard.ts";
import { RequestLimiter } from "./request_limiter.ts";

/** A method of texts. */
const asking = grpcMethod<string, string>("test.Service", "Ask", codec(), codec());

function codec(): Codec<string> {
  return {
    encode: (text) => new TextEncoder().encode(text),
    decode: (bytes) => {
      if (bytes.length === 0) throw new GrpcError("INVALID_ARGUMENT", "the text has no bytes");
      return new TextDecoder().decode(bytes);
    },
  };
}

/** Asks a handler behind a guard, as grpc-js would; answers what the client is told. */
function ask(
  answer: (request: string) => string | (() => string),
  token?: string,
  sent?: string,
  request = "question",
) {
  const outcomes: Outcome[] = [];
  const told: unknown[] = [];
  const clock = new FakeClock();
  const answerQueue = new AnswerQueue({ clock });
  const guard = new CallGuard({
    token: token === undefined ? undefined : new BearerToken(token),
    limiter: new RequestLimiter(clock, 1),
    answers: answerQueue,
    onError: (error) => told.push(error),
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  const metadata = new Metadata();
  if (sent !== undefined) metadata.set("authorization", `Bearer ${sent}`);
  const stream = { session: {}, closed: false, destroyed: false, once: () => {} };
  const call = {
    request: Buffer.from(request),
    metadata,
    getPeer: () => "h:1",
    getHost: () => "here",
    call: { stream },
  };
  const answers: string[] = [];
  const done: sendUnaryData<Buffer> = (error, value) =>
    answers.push(
      value?.toString() ?? `${error!.code} ${(error as { details: string }).details}`,
    );
  const handler = guard.unary(asking, (request) => {
    const made = answer(request);
    return typeof made === "string" ? () => made : made;
  });
  handler(call as unknown as ServerUnaryCall<Buffer, Buffer>, done);
  return { answers, outcomes, told, unread: answerQueue.unread };
}

Deno.test("an answer goes through, and a refusal with its code and sentence", () => {
  const { answers, unread } = ask((request) => `${request} answered`);
  assertEquals([answers, unread], [["question answered"], "question answered".length]);
  const refused = ask(() => {
    throw new GrpcError("NOT_FOUND", "no such thing");
  });
  assertEquals([refused.answers, refused.outcomes], [["5 no such thing"], ["refused"]]);
  assertEquals(refused.told, []);
});

Deno.test("what fails inside stays inside, and is told to the server's own", () => {
  const mistake = new TypeError("a secret of the inside");
  const { answers, outcomes, told } = ask(() => {
    throw mistake;
  });
  assertEquals([answers[0]!.slice(0, 2), answers[0]!.includes("secret")], ["13", false]);
  assertEquals([outcomes, told], [["failed"], [mistake]]);
});

Deno.test("what fails when the answer is made is told as well, and counts once", () => {
  const { answers, outcomes, unread } = ask(() => () => {
    throw new GrpcError("RESOURCE_EXHAUSTED", "too long");
  });
  assertEquals([answers, outcomes, unread], [["8 too long"], ["refused"], 0]);
});

Deno.test("without the token nothing is asked", () => {
  let asked = 0;
  const answer = () => `${++asked}`;
  assertEquals(ask(answer, "right", "wrong").outcomes, ["refused"]);
  assertEquals(ask(answer, "right").outcomes, ["refused"]);
  assertEquals([asked, ask(answer, "right", "right").outcomes], [0, ["ok"]]);
});

Deno.test("bytes that are no message are refused with what is wrong, and only whoever may ask is told", () => {
  const answer = (request: string) => request;
  const refused = ask(answer, undefined, undefined, "");
  assertEquals([refused.answers, refused.outcomes], [["3 the text has no bytes"], ["refused"]]);
  assertEquals(refused.told, []);
  assertEquals(ask(answer, "right", "wrong", "").answers[0]!.slice(0, 2), "16");
});
