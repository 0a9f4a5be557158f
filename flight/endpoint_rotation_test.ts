import { assertEquals, assertThrows } from "@std/assert";
import { EndpointRotation } from "./endpoint_rotation.ts";

const [a, b, c] = ["a:1", "b:2", "c:3"].map((endpoint) => ({ endpoint })) as [
  { endpoint: string },
  { endpoint: string },
  { endpoint: string },
];
const gone = new Error("gone");

Deno.test("a failure moves on to the next endpoint, after the last to the first", () => {
  const rotation = new EndpointRotation([a, b, c]);
  const round = rotation.round();
  const goesOn: boolean[] = [];
  const used: string[] = [];
  for (let i = 0; i < 4; i++) {
    used.push(round.current.endpoint);
    goesOn.push(round.failed(round.current, gone));
  }
  assertEquals([used, goesOn], [["a:1", "b:2", "c:3", "a:1"], [true, true, false, true]]);
});

Deno.test("an endpoint that works is kept, and begins the round anew", () => {
  const rotation = new EndpointRotation([a, b]);
  const round = rotation.round();
  round.failed(a, gone);
  round.worked(b);
  assertEquals([rotation.current, round.failed(b, gone), rotation.current], [b, true, a]);
});

Deno.test("callers that meet the same failure move on once", () => {
  const rotation = new EndpointRotation([a, b, c]);
  const [one, two] = [rotation.round(), rotation.round()];
  assertEquals([one.failed(a, gone), two.failed(a, gone)], [true, true]);
  assertEquals(rotation.current, b);
});

Deno.test("moves are told until every endpoint has failed, and again once one has worked", () => {
  const moves: string[] = [];
  const rotation = new EndpointRotation([a, b, c], (left, taken) => moves.push(left + taken));
  for (let i = 0; i < 7; i++) rotation.leave(rotation.current, gone);
  assertEquals(moves, ["a:1b:2", "b:2c:3"]);
  rotation.worked(b);
  rotation.leave(b, gone);
  assertEquals(moves.at(-1), "b:2c:3");
  assertEquals(moves.length, 3);
});

Deno.test("a single endpoint is kept whatever happens, and every failure ends its round", () => {
  const moves: string[] = [];
  const rotation = new EndpointRotation([a], (left, taken) => moves.push(left + taken));
  const round = rotation.round();
  assertEquals([round.failed(a, gone), rotation.current, moves], [false, a, []]);
});

Deno.test("no endpoint at all is a mistake", () => {
  assertThrows(() => new EndpointRotation([]), RangeError);
});

Deno.test("other endpoints are taken at once, unless the one in use works or is among them", () => {
  const rotation = new EndpointRotation([a]);
  rotation.replace([b, c]);
  assertEquals([rotation.current, rotation.text], [b, "b:2, c:3"]);
  rotation.replace([c, b]);
  assertEquals(rotation.current, b);
  rotation.worked(b);
  rotation.replace([c]);
  assertEquals(rotation.current, b);
  rotation.leave(b, gone);
  assertEquals(rotation.current, c);
  rotation.leave(c, gone);
  assertEquals(rotation.current, c);
  rotation.replace([a]);
  assertEquals(rotation.current, a);
  assertThrows(() => rotation.replace([]), RangeError);
});

Deno.test("a caller's round is as long as the endpoints are many now", () => {
  const rotation = new EndpointRotation([a]);
  const round = rotation.round();
  rotation.replace([b, c]);
  assertEquals([round.failed(b, gone), round.current, round.failed(c, gone)], [true, c, false]);
});
