import { assertEquals } from "@std/assert";
import { healthPool } from "../component/mod.ts";
import { fakePool } from "./_fake_peers.ts";

Deno.test("health tells a pool's connections by endpoint, and its reconnects by how it had failed", async () => {
  const { pool, clock } = fakePool({ endpoints: ["a:1", "b:1"], min: 2 });
  pool.start();
  await clock.advance(0);
  const leases = [await pool.acquire(), await pool.acquire(), await pool.acquire()];
  leases[0]!.fail(new Error("reset by peer"));
  await clock.advance(2_000);
  for (const lease of leases.slice(1)) lease.release();
  pool.replaceEndpoints(["a:1"]);
  await clock.advance(0);
  assertEquals(healthPool(pool.stats()), {
    total: 2,
    healthy: 2,
    idle: 2,
    busy: 0,
    waiting: 0,
    reconnects: { connect_failed: 0, check_failed: 0, call_failed: 1 },
    endpoints: [{ endpoint: "a:1", total: 2, healthy: 2, idle: 2, busy: 0 }],
  });
  await pool.stop();
});
