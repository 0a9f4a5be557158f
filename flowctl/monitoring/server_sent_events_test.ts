import { assert, assertEquals } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { ServerSentEvents } from "./server_sent_events.ts";

const URL = "http://localhost/api/events";

function opened(events: ServerSentEvents, first?: { event: string; data: unknown }) {
  const response = events.open(new Request(URL), first);
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  return { response, reader, next: async () => decoder.decode((await reader.read()).value) };
}

Deno.test("a client is told at once how things are, and then each event", async () => {
  const events = new ServerSentEvents({ clock: new FakeClock() });
  const { response, next } = opened(events, { event: "snapshot", data: { n: 1 } });
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  assertEquals(await next(), "retry: 2000\n\n");
  assertEquals(await next(), 'event: snapshot\ndata: {"n":1}\n\n');
  events.publish("alert", () => "two\nlines");
  assertEquals(await next(), 'event: alert\ndata: "two\\nlines"\n\n');
  events.stop();
});

Deno.test("where nobody listens, no data is made and no timer runs", async () => {
  const clock = new FakeClock();
  const events = new ServerSentEvents({ clock });
  let made = 0;
  events.publish("snapshot", () => made++);
  assertEquals([made, clock.pending], [0, 0]);
  const { reader } = opened(events);
  assertEquals([events.clients, clock.pending], [1, 1]);
  await reader.cancel();
  assertEquals([events.clients, clock.pending], [0, 0]);
});

Deno.test("a stream without news says every 15 s that it is alive", async () => {
  const clock = new FakeClock();
  const events = new ServerSentEvents({ clock });
  const { next } = opened(events);
  await next();
  await clock.advance(15_000);
  assertEquals(await next(), ": alive\n\n");
  events.stop();
});

Deno.test("beyond the most clients the answer is 503 with a sentence, until one leaves", async () => {
  const events = new ServerSentEvents({ clock: new FakeClock() });
  const clients = Array.from({ length: 50 }, () => opened(events));
  const refused = events.open(new Request(URL));
  assertEquals([refused.status, refused.headers.get("retry-after"), await refused.json()], [
    503,
    "10",
    { error: "50 clients listen already; close one, or try again later" },
  ]);
  await clients[0]!.reader.cancel();
  assertEquals(opened(events).response.status, 200);
  events.stop();
});

Deno.test("a client for which more than the limit waits is dropped, and the others are not", async () => {
  const events = new ServerSentEvents({ clock: new FakeClock(), maxWaitingBytes: 1_000 });
  const [slow, quick] = [opened(events), opened(events)];
  await quick.next();
  const text = "x".repeat(400);
  for (let at = 0; at < 4; at++) {
    events.publish("snapshot", () => text);
    assert((await quick.next()).includes(text));
  }
  assertEquals(events.clients, 1);
  assertEquals((await slow.reader.read()).done, true);
  events.stop();
});

Deno.test("what is larger than the limit is told to who has taken everything", async () => {
  const events = new ServerSentEvents({ clock: new FakeClock(), maxWaitingBytes: 100 });
  const { next } = opened(events);
  await next();
  for (let at = 0; at < 2; at++) {
    events.publish("snapshot", () => "x".repeat(500));
    assertEquals((await next()).length, 526);
  }
  events.stop();
});

Deno.test("a stop closes all streams and opens no more", async () => {
  const clock = new FakeClock();
  const events = new ServerSentEvents({ clock });
  const { reader, next } = opened(events);
  await next();
  events.stop();
  assertEquals([(await reader.read()).done, clock.pending, events.clients], [true, 0, 0]);
  assertEquals(events.open(new Request(URL)).status, 503);
});

Deno.test("a HEAD request holds no stream", () => {
  const events = new ServerSentEvents({ clock: new FakeClock() });
  const { status, body } = events.open(new Request(URL, { method: "HEAD" }));
  assertEquals([status, body, events.clients], [200, null, 0]);
});

Deno.test("a client that reads nothing from its socket is dropped, and its memory is bounded", async () => {
  const events = new ServerSentEvents({ clock: new FakeClock() });
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => events.open(request),
  );
  using socket = await Deno.connect({ port: server.addr.port });
  await socket.write(new TextEncoder().encode("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"));
  // The answer has begun once something can be read of it.
  await socket.read(new Uint8Array(16));
  const text = "x".repeat(256 * 1024);
  let published = 0;
  while (events.clients > 0 && published < 1_000) {
    events.publish("snapshot", () => text);
    published++;
    await new Promise((resolve) => setTimeout(resolve));
  }
  assertEquals(events.clients, 0, `${published} events of 256 KiB were taken`);
});

Deno.test("a client that closes its connection is forgotten", async () => {
  const gone = Promise.withResolvers<void>();
  const events = new ServerSentEvents({ clock: new FakeClock() });
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      request.signal.addEventListener("abort", () => gone.resolve());
      return events.open(request);
    },
  );
  const abort = new AbortController();
  const { body } = await fetch(`http://127.0.0.1:${server.addr.port}/`, { signal: abort.signal });
  const reader = body!.getReader();
  await reader.read();
  assertEquals(events.clients, 1);
  abort.abort();
  await reader.closed.catch(() => {});
  await gone.promise;
  while (events.clients > 0) await new Promise((resolve) => setTimeout(resolve));
});
