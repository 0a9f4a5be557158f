import { assertEquals } from "@std/assert";
import { EventStreamParser, type StreamEvent } from "./event_stream_parser.ts";

const STREAM = 'retry: 2000\n\nevent: snapshot\ndata: {"a":1}\n\n: alive\n\n' +
  "event: alert\r\ndata: one\r\ndata:two\r\n\r\ndata\n\nevent: nothing\n\n";

const EVENTS: StreamEvent[] = [
  { event: "snapshot", data: '{"a":1}' },
  { event: "alert", data: "one\ntwo" },
  { event: "message", data: "" },
];

Deno.test("events are read with names and lines, comments and empty events left out", () => {
  assertEquals(new EventStreamParser().push(STREAM), EVENTS);
});

Deno.test("events are the same wherever the stream is cut, between CR and LF too", () => {
  for (let size = 1; size <= STREAM.length; size++) {
    const parser = new EventStreamParser();
    const events: StreamEvent[] = [];
    for (let at = 0; at < STREAM.length; at += size) {
      events.push(...parser.push(STREAM.slice(at, at + size)));
    }
    assertEquals(events, EVENTS, `pieces of ${size}`);
  }
});

Deno.test("an event that has not ended is not told", () => {
  const parser = new EventStreamParser();
  assertEquals(parser.push("event: snapshot\ndata: 1\n"), []);
  assertEquals(parser.push("\n"), [{ event: "snapshot", data: "1" }]);
});
