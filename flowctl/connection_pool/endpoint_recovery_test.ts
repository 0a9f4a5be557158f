import { assert, assertEquals, assertRejects } from "@std/assert";
import { fakePool } from "./_fake_peers.ts";

Deno.test("an endpoint that failed is tried at growing pauses up to 2 s, until it is reached again", async () => {
  const { pool, peers, clock, told } = fakePool();
  (await pool.acquire()).release();
  peers.answers.set("a:1", "refuses");
  (await pool.acquire()).fail(new Error("reset by peer"));
  assertEquals(pool.stats().endpoints[0]?.lastError, "reset by peer");
  assertEquals([pool.stats().total, peers.open().length], [0, 0]);
  const tries: number[] = [];
  for (let before = peers.made.length; tries.length < 8; before = peers.made.length) {
    await clock.advance(50);
    if (peers.made.length > before) tries.push(clock.monotonic());
  }
  const pauses = tries.map((at, index) => at - (tries[index - 1] ?? 0));
  assertEquals(pauses, [100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
  assertEquals(pool.stats().endpoints[0]?.lastError, "connection refused");
  assertEquals(peers.open().length, 0);
  peers.answers.delete("a:1");
  await clock.advance(2_000);
  assertEquals(told(), ["connected a:1", "failed a:1", "recovered a:1"]);
  const { endpoints: [endpoint], reconnects, reconnectsBy, total } = pool.stats();
  assertEquals([endpoint!.state, endpoint!.lastError, endpoint!.reconnects], [
    "healthy",
    undefined,
    1,
  ]);
  assertEquals([reconnects, reconnectsBy.call_failed, total], [1, 1, 1]);
  await pool.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("the pauses are drawn from the whole time below their cap", async () => {
  const draws = [0, 0.5, 0.25];
  const { pool, peers, clock } = fakePool({ random: () => draws.shift() ?? 1 });
  peers.answers.set("a:1", "refuses");
  const waiting = pool.acquire();
  const order = [0, 99, 1, 99, 1].map((ms) => async () => {
    await clock.advance(ms);
    return peers.made.length;
  });
  const counts: number[] = [];
  for (const step of order) counts.push(await step());
  // At once by a draw of 0, after half of 200 ms, after a quarter of 400.
  assertEquals(counts, [2, 2, 3, 3, 4]);
  peers.answers.delete("a:1");
  await clock.advance(2_000);
  (await waiting).release();
  await pool.stop();
});

Deno.test("who waits while nothing serves is served by the first endpoint that recovers", async () => {
  const { pool, peers, clock } = fakePool({ endpoints: ["a:1", "b:1"] });
  peers.answers.set("a:1", "refuses").set("b:1", "refuses");
  const waiting = [pool.acquire(), pool.acquire(undefined, { order: "preferred" })];
  await clock.advance(3_000);
  assertEquals(pool.stats().waiting, 2);
  peers.answers.delete("b:1");
  await clock.advance(2_000);
  const leases = await Promise.all(waiting);
  assertEquals(leases.map(({ endpoint }) => endpoint), ["b:1", "b:1"]);
  for (const lease of leases) lease.release();
  await pool.stop();
});

Deno.test("a connection that cannot be made leaves its endpoint, and the wait goes on at another one", async () => {
  const { pool, peers, events } = fakePool({ endpoints: ["a:1", "b:1"] });
  peers.answers.set("a:1", "throws");
  const lease = await pool.acquire();
  assertEquals(lease.endpoint, "b:1");
  const failed = events.find((event) => event.type === "failed");
  assertEquals([failed!.endpoint, failed!.reason], ["a:1", "connect_failed"]);
  assertEquals((failed!.error as Error).message, "bad address a:1");
  lease.release();
  await pool.stop();
});

Deno.test("when a full pool's failed endpoint serves again, it is known without a connection too many", async () => {
  const { pool, peers, clock } = fakePool({ endpoints: ["a:1", "b:1"], max: 1 });
  peers.answers.set("a:1", "refuses");
  const lease = await pool.acquire(undefined, { order: "preferred" });
  assertEquals(lease.endpoint, "b:1");
  peers.answers.delete("a:1");
  await clock.advance(2_000);
  assertEquals([pool.stats().healthyEndpoints, peers.open().length], [2, 1]);
  lease.release();
  const back = await pool.acquire(undefined, { order: "preferred" });
  assertEquals([back.endpoint, peers.open().length], ["a:1", 1]);
  back.release();
  await pool.stop();
});

Deno.test("a failure of a connection from before the last recovery says nothing of the endpoint", async () => {
  const { pool, clock, told } = fakePool();
  const [first, late] = [await pool.acquire(), await pool.acquire()];
  first.fail(new Error("reset by peer"));
  await clock.advance(2_000);
  told();
  late.fail(new Error("reset by peer"));
  await clock.advance(0);
  assertEquals([told(), late.connection.isClosed], [[], true]);
  assertEquals(pool.stats().endpoints[0]?.state, "healthy");
  await pool.stop();
});

Deno.test("a check that is never answered is given up after the connect time-out", async () => {
  const { pool, peers, clock, events } = fakePool({ connectTimeoutMs: 4_000, min: 1 });
  peers.answers.set("a:1", "hangs");
  pool.start();
  await clock.advance(3_999);
  assertEquals([pool.stats().opening, pool.stats().endpoints[0]?.state], [1, "untried"]);
  await clock.advance(1);
  assertEquals([pool.stats().opening, pool.stats().endpoints[0]?.lastError], [
    0,
    "no answer within 4000 ms",
  ]);
  assertEquals(events.map(({ type }) => type), ["failed"]);
  // The same holds while it is tried again.
  await clock.advance(100);
  assertEquals(peers.open().length, 1);
  await clock.advance(4_000);
  assertEquals(peers.open().length, 0);
  peers.answers.delete("a:1");
  await clock.advance(200);
  assertEquals(pool.stats().idle, 1);
  await pool.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("an endpoint that stands still loses its work to another one after a second, long before it is given up", async () => {
  const { pool, peers, clock } = fakePool({ endpoints: ["a:1", "b:1"] });
  peers.answers.set("a:1", "hangs");
  const waiting = pool.acquire(undefined, { order: "preferred" });
  await clock.advance(999);
  assertEquals(peers.open("b:1").length, 0);
  await clock.advance(1);
  const lease = await waiting;
  assertEquals(lease.endpoint, "b:1");
  // Others need not wait that second.
  const next = await pool.acquire(undefined, { order: "preferred" });
  assertEquals(next.endpoint, "b:1");
  assertEquals(pool.stats().endpoints[0]?.state, "untried");
  await clock.advance(9_000);
  assertEquals(pool.stats().endpoints[0]?.state, "unhealthy");
  for (const each of [lease, next]) each.release();
  await pool.stop();
});

Deno.test("in a full pool the place of a connection that does not open goes to another endpoint", async () => {
  const { pool, peers, clock } = fakePool({ endpoints: ["a:1", "b:1"], max: 1 });
  peers.answers.set("a:1", "hangs");
  const waiting = pool.acquire();
  await clock.advance(1_000);
  assertEquals((await waiting).endpoint, "b:1");
  const [a] = pool.stats().endpoints;
  assertEquals([a!.state, a!.lastError], ["unhealthy", "no answer yet, and its place was needed"]);
  (await waiting).release();
  await pool.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("where all endpoints stand still, nobody loses the place of the connection that is waited for", async () => {
  const { pool, peers, clock } = fakePool({ endpoints: ["a:1", "b:1"], max: 2 });
  peers.answers.set("a:1", "hangs").set("b:1", "hangs");
  const waiting = [pool.acquire(), pool.acquire(), pool.acquire()].map((each) =>
    assertRejects(() => each)
  );
  await clock.advance(9_000);
  assertEquals([peers.made.length, pool.stats().opening], [2, 2]);
  await clock.advance(1_000);
  await Promise.all(waiting);
  await pool.stop();
  assertEquals([clock.pending, peers.open().length], [0, 0]);
});

Deno.test("after a recovery the pool opens again what it keeps open", async () => {
  const { pool, peers, clock, settle } = fakePool({ min: 3 });
  pool.start();
  await settle();
  peers.answers.set("a:1", "refuses");
  (await pool.acquire()).fail(new Error("reset by peer"));
  await clock.advance(1_000);
  assertEquals([pool.stats().total, peers.open().length], [0, 0]);
  peers.answers.delete("a:1");
  await clock.advance(2_000);
  assertEquals([pool.stats().idle, peers.open().length], [3, 3]);
  await pool.stop();
  assert(peers.made.every(({ isClosed }) => isClosed));
});
