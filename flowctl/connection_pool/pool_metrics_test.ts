import { assertEquals } from "@std/assert";
import { MetricsRegistry } from "../component/mod.ts";
import { fakePool } from "./_fake_peers.ts";
import { addPoolMetrics } from "./mod.ts";

/** The series of a scrape, without help and types. */
async function series(metrics: MetricsRegistry): Promise<string[]> {
  return (await metrics.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

Deno.test("the metrics show each endpoint's connections as they are, and follow the endpoints", async () => {
  const { pool, clock, peers } = fakePool({ endpoints: ["a:1", "b:1"], min: 2 });
  const metrics = new MetricsRegistry();
  let id = "local-reader";
  addPoolMetrics(metrics, pool, () => id);
  pool.start();
  await clock.advance(0);
  const leases = [await pool.acquire(), await pool.acquire(), await pool.acquire()];
  assertEquals(await series(metrics), [
    'flowctl_pool_total_connections{endpoint="a:1"} 2',
    'flowctl_pool_total_connections{endpoint="b:1"} 1',
    'flowctl_pool_healthy_connections{endpoint="a:1"} 2',
    'flowctl_pool_healthy_connections{endpoint="b:1"} 1',
    'flowctl_pool_idle_connections{endpoint="a:1"} 0',
    'flowctl_pool_idle_connections{endpoint="b:1"} 0',
    'flowctl_service_connections{service_id="local-reader",endpoint="a:1"} 2',
    'flowctl_service_connections{service_id="local-reader",endpoint="b:1"} 1',
    'flowctl_reconnection_events_total{service_id="local-reader",reason="connect_failed"} 0',
    'flowctl_reconnection_events_total{service_id="local-reader",reason="check_failed"} 0',
    'flowctl_reconnection_events_total{service_id="local-reader",reason="call_failed"} 0',
  ]);
  leases[0]!.fail(new Error("reset by peer"));
  await clock.advance(2_000);
  for (const lease of leases.slice(1)) lease.release();
  pool.replaceEndpoints(["a:1"]);
  await clock.advance(0);
  id = "reader-1";
  assertEquals(await series(metrics), [
    'flowctl_pool_total_connections{endpoint="a:1"} 2',
    'flowctl_pool_healthy_connections{endpoint="a:1"} 2',
    'flowctl_pool_idle_connections{endpoint="a:1"} 2',
    'flowctl_service_connections{service_id="reader-1",endpoint="a:1"} 0',
    'flowctl_reconnection_events_total{service_id="reader-1",reason="connect_failed"} 0',
    'flowctl_reconnection_events_total{service_id="reader-1",reason="check_failed"} 0',
    'flowctl_reconnection_events_total{service_id="reader-1",reason="call_failed"} 1',
  ]);
  await pool.stop();
  assertEquals(peers.open().length, 0);
});
