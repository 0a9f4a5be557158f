/**
 * The connection pool, under the ceilings of bench/ceilings.json: a look-up of an open connection must
 * stay below 1 µs, acquire and release below 10 ms when a connection opens for it, a new connection
 * below 50 ms, a health check below 10 ms, and 10,000 statistics fit into a second.
 */
import { FlightClient, FlightServer } from "../flight/mod.ts";
import { ledgerDataset } from "../flight/testing/mod.ts";
import { ConnectionPool, type ConnectionPoolOptions, type Poolable } from "../flowctl/mod.ts";

/** Nothing but its address: what is left is what the pool itself costs. */
const bare: Pick<ConnectionPoolOptions<Poolable>, "connect" | "check"> = {
  connect: (endpoint) => ({ endpoint, close() {} }),
  check: () => Promise.resolve(),
};

/** A pool with as many open connections as it may have. */
async function openPool(endpoints: number, max: number): Promise<ConnectionPool<Poolable>> {
  const addresses = Array.from({ length: endpoints }, (_, at) => `host-${at}:8815`);
  const pool = new ConnectionPool<Poolable>({ endpoints: addresses, max, ...bare });
  const leases = [];
  for (let opened = 0; opened < max; opened++) leases.push(await pool.acquire());
  for (const lease of leases) lease.release();
  return pool;
}

for (const [endpoints, max] of [[1, 10], [2, 10], [50, 50]] as const) {
  const pool = await openPool(endpoints, max);
  const size = `${endpoints} endpoint${endpoints === 1 ? "" : "s"}, ${max} connections`;

  Deno.bench({ name: `pool: look-up, ${size}`, group: "pool" }, () => {
    pool.pick();
  });

  Deno.bench({ name: `pool: look-up by endpoint, ${size}`, group: "pool" }, () => {
    pool.pick("host-0:8815");
  });

  Deno.bench({ name: `pool: acquire and release, ${size}`, group: "pool" }, async () => {
    (await pool.acquire()).release();
  });

  Deno.bench({ name: `pool: statistics, ${size}`, group: "pool" }, () => {
    pool.stats();
  });
}

const crowded = await openPool(2, 10);

Deno.bench({ name: "pool: 1,000 at once over 10 connections", group: "pool" }, async () => {
  await Promise.all(Array.from({ length: 1_000 }, async () => (await crowded.acquire()).release()));
});

const server = new FlightServer({ bindAddress: "127.0.0.1", port: 0, datasets: [ledgerDataset] });
const { port } = await server.start();
const overGrpc: ConnectionPoolOptions<FlightClient> = {
  endpoints: [`127.0.0.1:${port}`],
  connect: (endpoint) => new FlightClient(endpoint),
  check: async (client) => {
    if (!await client.healthy()) throw new Error("it does not serve");
  },
  min: 0,
};
const open = new FlightClient(`127.0.0.1:${port}`);
await open.healthy();

Deno.bench({ name: "pool over gRPC: health check", group: "pool over gRPC" }, async () => {
  if (!await open.healthy()) throw new Error("it does not serve");
});

Deno.bench({
  name: "pool over gRPC: cold acquire, which opens a connection",
  group: "pool over gRPC",
}, async (b) => {
  const pool = new ConnectionPool(overGrpc);
  b.start();
  const lease = await pool.acquire();
  lease.release();
  b.end();
  await pool.stop();
});

const warm = new ConnectionPool(overGrpc);

Deno.bench({ name: "pool over gRPC: warm acquire", group: "pool over gRPC" }, async () => {
  (await warm.acquire()).release();
});
