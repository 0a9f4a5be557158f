import { assertEquals } from "@std/assert";
import { Metadata, type sendUnaryData, type ServerUnaryCall } from "@grpc/grpc-js";
import { BearerToken, GrpcError } from "../../grpc/mod.ts";
import { FakeClock } from "../component/mod.ts";
import { CallGuard, type Outcome } from "./call_guard.ts";
import { RequestLimiter } from "./request_limiter.ts";

/** Asks a handler behind a guard, as grpc-js would; answers what the client is told. */
function ask(answer: (request: string) => string, token?: string, sent?: string) {
  const outcomes: Outcome[] = [];
  const told: unknown[] = [];
  const guard = new CallGuard({
    token: token === undefined ? undefined : new BearerToken(token),
    limiter: new RequestLimiter(new FakeClock(), 1),
    onError: (error) => told.push(error),
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  const metadata = new Metadata();
  if (sent !== undefined) metadata.set("authorization", `Bearer ${sent}`);
  const call = { request: "question", metadata, getPeer: () => "h:1", getHost: () => "here" };
  const answers: string[] = [];
  const done: sendUnaryData<string> = (error, value) =>
    answers.push(value ?? `${error!.code} ${(error as { details: string }).details}`);
  const handler = guard.unary("Ask", answer);
  handler(call as unknown as ServerUnaryCall<string, string>, done);
  return { answers, outcomes, told };
}

Deno.test("an answer goes through, and a refusal with its code and sentence", () => {
  assertEquals(ask((request) => `${request} answered`).answers, ["question answered"]);
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

Deno.test("without the token nothing is asked", () => {
  let asked = 0;
  const answer = () => `${++asked}`;
  assertEquals(ask(answer, "right", "wrong").outcomes, ["refused"]);
  assertEquals(ask(answer, "right").outcomes, ["refused"]);
  assertEquals([asked, ask(answer, "right", "right").outcomes], [0, ["ok"]]);
});
