import { assert, assertEquals } from "@std/assert";
import { FakeClock, jsonResponse } from "../component/mod.ts";
import { AnswerQueue } from "./answer_queue.ts";
import { boundedRoutes } from "./bounded_routes.ts";
import { STALLED_MS } from "./limits.ts";

/** More than the system holds for a connection that nobody reads from. */
const LONG = "x".repeat(32 * 1024 * 1024);

/** A server with a long and a short answer, and room for one long one. */
function served() {
  const clock = new FakeClock();
  const answers = new AnswerQueue({ clock, inAll: 1024 * 1024 });
  const routes = boundedRoutes({
    "/long": () => jsonResponse(200, LONG),
    "/short": () => jsonResponse(404, { short: true }),
    "/broken": () => {
      throw new Error("broken");
    },
  }, answers);
  let arrived = Promise.withResolvers<void>();
  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen: () => {},
    onError: (error) => new Response((error as Error).message, { status: 500 }),
  }, (request) => {
    const response = routes[new URL(request.url).pathname]!(request);
    arrived.resolve();
    return response;
  });
  const { port } = server.addr;
  return {
    clock,
    answers,
    ask: (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init),
    /** Asks for the long answer, and reads nothing. */
    stall: async () => {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      arrived = Promise.withResolvers();
      await connection.write(new TextEncoder().encode("GET /long HTTP/1.1\r\nhost: a\r\n\r\n"));
      await arrived.promise;
      return connection;
    },
    /** When the next request has come. */
    next: () => (arrived = Promise.withResolvers<void>()).promise,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("answers that are taken are whole, and count no more", async () => {
  await using t = served();
  for (let i = 0; i < 3; i++) {
    const response = await t.ask("/long");
    assertEquals(response.headers.get("content-length"), String(LONG.length + 3));
    assertEquals((await response.json()).length, LONG.length);
    assertEquals(t.answers.unread, 0);
  }
  const short = await t.ask("/short");
  assertEquals([short.status, await short.json()], [404, { short: true }]);
  const broken = await t.ask("/broken");
  assertEquals([broken.status, await broken.text()], [500, "broken"]);
  const head = await t.ask("/long", { method: "HEAD" });
  assertEquals([head.status, await head.text(), t.answers.unread], [200, "", 0]);
});

Deno.test("an answer that nobody takes holds others up until it is given up", async () => {
  await using t = served();
  const stalled = await t.stall();
  assert(t.answers.unread > LONG.length);
  const next = t.next();
  const waits = t.ask("/short");
  await next;
  await t.clock.advance(STALLED_MS);
  assertEquals(await (await waits).json(), { short: true });
  assertEquals(t.answers.unread, 0);
  stalled.close();
});

Deno.test("an answer whose reader goes away counts no more, begun or not", async () => {
  await using t = served();
  const stalled = await t.stall();
  (await t.stall()).close();
  const next = t.next();
  const waits = t.ask("/short");
  await next;
  stalled.close();
  assertEquals(await (await waits).json(), { short: true });
});
