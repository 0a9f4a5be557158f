import { assertEquals, assertStrictEquals } from "@std/assert";
import { fakePool } from "./_fake_peers.ts";
import { MAX_ENDPOINTS } from "./limits.ts";

Deno.test("other endpoints take the next work, and what is in use is closed only when it is given back", async () => {
  const { pool, peers } = fakePool({ endpoints: ["a:1", "b:1"] });
  const busy = await pool.acquire();
  (await pool.acquire()).release();
  assertEquals([busy.endpoint, peers.open().length], ["a:1", 2]);
  pool.replaceEndpoints(["c:1"]);
  assertEquals([busy.connection.isClosed, peers.open("b:1").length], [false, 0]);
  const next = await pool.acquire();
  assertEquals(next.endpoint, "c:1");
  assertEquals(pool.stats().endpoints.map(({ endpoint, state }) => `${endpoint} ${state}`), [
    "c:1 healthy",
    "a:1 gone",
  ]);
  assertStrictEquals(pool.pick("a:1"), undefined);
  busy.release();
  assertEquals(busy.connection.isClosed, true);
  assertEquals(pool.stats().endpoints.map(({ endpoint }) => endpoint), ["c:1"]);
  next.release();
  await pool.stop();
});

Deno.test("an endpoint that stays keeps its connections, and the new order counts", async () => {
  const { pool, peers } = fakePool({ endpoints: ["a:1", "b:1"] });
  const leases = [await pool.acquire(), await pool.acquire()];
  for (const lease of leases) lease.release();
  pool.replaceEndpoints(["b:1", "a:1", "b:1"]);
  const lease = await pool.acquire(undefined, { order: "preferred" });
  assertStrictEquals(lease.connection, leases[1]!.connection);
  assertEquals([peers.made.length, peers.open().length, pool.stats().endpoints.length], [2, 2, 2]);
  lease.release();
  await pool.stop();
});

Deno.test("an endpoint that comes back while its last connection is in use is used anew", async () => {
  const { pool } = fakePool();
  const busy = await pool.acquire();
  pool.replaceEndpoints([]);
  pool.replaceEndpoints(["a:1"]);
  const fresh = await pool.acquire();
  assertEquals(fresh.connection === busy.connection, false);
  fresh.release();
  busy.fail(new Error("reset by peer"));
  assertEquals([pool.stats().endpoints[0]!.state, pool.stats().total], ["healthy", 1]);
  await pool.stop();
});

Deno.test("connections on their way to an endpoint that is gone are given up, and who waits for them goes elsewhere", async () => {
  const { pool, peers, clock } = fakePool({ min: 1 });
  peers.answers.set("a:1", "hangs");
  pool.start();
  const waiting = pool.acquire();
  await clock.advance(0);
  pool.replaceEndpoints(["b:1"]);
  assertEquals((await waiting).endpoint, "b:1");
  await clock.advance(0);
  assertEquals(peers.open("a:1").length, 0);
  (await waiting).release();
  await pool.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("an endpoint that is gone is not tried any more, and starts afresh when it comes back", async () => {
  const { pool, peers, clock } = fakePool();
  peers.answers.set("a:1", "refuses");
  const waiting = pool.acquire();
  await clock.advance(500);
  pool.replaceEndpoints([]);
  const tries = peers.made.length;
  await clock.advance(5_000);
  assertEquals(peers.made.length, tries);
  peers.answers.delete("a:1");
  pool.replaceEndpoints(["a:1"]);
  (await waiting).release();
  assertEquals(pool.stats().endpoints[0]!.state, "healthy");
  await pool.stop();
});

Deno.test("of too many endpoints the most wanted are taken", async () => {
  const { pool } = fakePool();
  pool.replaceEndpoints(Array.from({ length: MAX_ENDPOINTS + 10 }, (_, at) => `host-${at}:1`));
  const { endpoints } = pool.stats();
  assertEquals([endpoints.length, endpoints.at(-1)!.endpoint], [
    MAX_ENDPOINTS,
    `host-${MAX_ENDPOINTS - 1}:1`,
  ]);
  await pool.stop();
});
