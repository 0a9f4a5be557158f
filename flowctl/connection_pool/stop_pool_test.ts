import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { fakePool } from "./_fake_peers.ts";
import { type PoolEvent, PoolStoppedError } from "./mod.ts";

Deno.test("a stop refuses who waits and who comes, and ends when the last connection is given back", async () => {
  const { pool, peers, clock } = fakePool({ max: 2 });
  const [busy, other] = [await pool.acquire(), await pool.acquire()];
  const waiting = assertRejects(() => pool.acquire(), PoolStoppedError);
  const stopped = pool.stop();
  await waiting;
  other.release();
  assertEquals(peers.open(), [busy.connection]);
  const error = await assertRejects(() => pool.acquire(), PoolStoppedError);
  assertEquals(error.message, "The connection pool is stopped: it gives no more connections.");
  pool.start();
  pool.replaceEndpoints(["b:1"]);
  busy.release();
  await stopped;
  assertStrictEquals(pool.stop(), pool.stop());
  assertEquals([peers.open().length, clock.pending, pool.stats().total], [0, 0, 0]);
});

Deno.test("a stop closes what is not given back within its grace, and the late return is no error", async () => {
  const { pool, peers, clock } = fakePool();
  const lease = await pool.acquire();
  const stopped = pool.stop(2_000);
  await clock.advance(1_999);
  assertEquals(peers.open().length, 1);
  await clock.advance(1);
  await stopped;
  assertEquals([peers.open().length, clock.pending], [0, 0]);
  lease.fail(new Error("closed"));
  assertEquals(pool.stats().total, 0);
});

Deno.test("a stop ends connections on their way, tries of failed endpoints and checks, and leaves no timer", async () => {
  const { pool, peers, clock, settle } = fakePool({
    endpoints: ["a:1", "b:1", "c:1"],
    min: 3,
    healthCheckIntervalMs: 1_000,
  });
  peers.answers.set("a:1", "refuses").set("b:1", "hangs");
  pool.start();
  await settle();
  peers.answers.set("a:1", "hangs").set("c:1", "hangs");
  await clock.advance(1_500);
  const waiting = assertRejects(() => pool.acquire(undefined, { avoid: "c:1" }), PoolStoppedError);
  await pool.stop();
  await waiting;
  assertEquals([clock.pending, peers.open().length, pool.stats().total], [0, 0, 0]);
});

Deno.test("a pool that is left by using is stopped", async () => {
  const made = fakePool();
  {
    await using pool = made.pool;
    (await pool.acquire()).release();
  }
  assertEquals([made.clock.pending, made.peers.open().length], [0, 0]);
});

Deno.test("a listener may use the pool that tells it something", async () => {
  const told: PoolEvent[] = [];
  const leases: Promise<string>[] = [];
  const { pool, clock } = fakePool({
    endpoints: ["a:1", "b:1"],
    onEvent: (event) => {
      told.push(event);
      if (event.type !== "failed") return;
      pool.replaceEndpoints(["b:1"]);
      leases.push(
        pool.acquire().then((lease) => {
          lease.release();
          return lease.endpoint;
        }),
      );
    },
  });
  (await pool.acquire()).fail(new Error("reset by peer"));
  await clock.advance(0);
  assertEquals([await Promise.all(leases), told.map(({ type }) => type)], [["b:1"], [
    "connected",
    "failed",
    "connected",
  ]]);
  await pool.stop();
  assertEquals(clock.pending, 0);
});
