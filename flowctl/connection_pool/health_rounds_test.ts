import { assertEquals } from "@std/assert";
import { fakePool } from "./_fake_peers.ts";
import { MAX_CHECKS_AT_ONCE } from "./limits.ts";

Deno.test("each interval one idle connection of each endpoint is checked, each in its turn", async () => {
  const { pool, peers, clock, settle } = fakePool({
    endpoints: ["a:1", "b:1"],
    min: 4,
    healthCheckIntervalMs: 30_000,
  });
  pool.start();
  await settle();
  for (const connection of peers.made) connection.checks = 0;
  const rounds: string[] = [];
  for (let round = 0; round < 4; round++) {
    await clock.advance(30_000);
    rounds.push(peers.made.map(({ checks }) => checks).join(""));
  }
  // Made in the order a, b, a, b.
  assertEquals(rounds, ["1100", "1111", "2211", "2222"]);
  await pool.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("connections in use are not checked", async () => {
  const { pool, peers, clock } = fakePool({ healthCheckIntervalMs: 1_000 });
  pool.start();
  const lease = await pool.acquire();
  await clock.advance(10_000);
  assertEquals(peers.made[0]!.checks, 1);
  lease.release();
  await pool.stop();
});

Deno.test("a failed check closes the endpoint's idle connections, moves its work, and it comes back when it serves", async () => {
  const { pool, peers, clock, told } = fakePool({
    endpoints: ["a:1", "b:1"],
    min: 2,
    healthCheckIntervalMs: 5_000,
  });
  pool.start();
  await clock.advance(0);
  told();
  peers.answers.set("a:1", "refuses");
  await clock.advance(5_000);
  assertEquals(told(), ["failed a:1", "connected b:1"]);
  assertEquals([peers.open("a:1").length, peers.open("b:1").length], [0, 2]);
  assertEquals([pool.stats().healthyEndpoints, pool.stats().healthy], [1, 2]);
  const taken = [await pool.acquire(), await pool.acquire()];
  assertEquals(taken.map(({ endpoint }) => endpoint), ["b:1", "b:1"]);
  for (const lease of taken) lease.release();
  peers.answers.delete("a:1");
  await clock.advance(2_000);
  assertEquals(told(), ["recovered a:1"]);
  assertEquals([pool.stats().healthyEndpoints, pool.stats().reconnectsBy.check_failed], [2, 1]);
  await pool.stop();
});

Deno.test("while a check is not answered, its endpoint is the last choice, and no second check is asked", async () => {
  const { pool, peers, clock } = fakePool({
    endpoints: ["a:1", "b:1"],
    min: 2,
    healthCheckIntervalMs: 4_000,
  });
  pool.start();
  await clock.advance(0);
  peers.answers.set("a:1", "hangs");
  await clock.advance(5_000);
  const wish = { order: "preferred" } as const;
  const moved = await pool.acquire(undefined, wish);
  assertEquals(moved.endpoint, "b:1");
  moved.release();
  await clock.advance(8_000);
  assertEquals(peers.made[0]!.checks, 2);
  await clock.advance(1_000);
  assertEquals(pool.stats().endpoints[0]!.lastError, "no answer within 10000 ms");
  await pool.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("a check of a connection that its user has failed meanwhile says nothing more", async () => {
  const { pool, peers, clock, told } = fakePool({ min: 1, healthCheckIntervalMs: 1_000 });
  pool.start();
  await clock.advance(0);
  peers.answers.set("a:1", "hangs");
  await clock.advance(1_000);
  peers.answers.delete("a:1");
  (await pool.acquire()).fail(new Error("reset by peer"));
  await clock.advance(500);
  assertEquals(told(), ["connected a:1", "failed a:1", "recovered a:1"]);
  await clock.advance(20_000);
  assertEquals(told(), []);
  await pool.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("a round over many endpoints asks only some of them at once, and all in the end", async () => {
  const endpoints = Array.from({ length: 20 }, (_, at) => `host-${at}:1`);
  let running = 0;
  let most = 0;
  let checks = 0;
  const { pool, clock } = fakePool({
    endpoints,
    min: 20,
    max: 20,
    healthCheckIntervalMs: 1_000,
    check: async () => {
      checks++;
      most = Math.max(most, ++running);
      await clock.sleep(10);
      running--;
    },
  });
  pool.start();
  await clock.advance(10);
  [most, checks] = [0, 0];
  await clock.advance(1_000);
  await clock.advance(100);
  assertEquals([most, checks], [MAX_CHECKS_AT_ONCE, 20]);
  await pool.stop();
});
