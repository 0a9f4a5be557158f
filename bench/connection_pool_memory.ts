/**
 * Memory of a pool's connections and endpoints over gRPC, with the server in a process of its own and the
 * garbage collected:
 *
 *     deno run -A --v8-flags=--expose-gc bench/connection_pool_memory.ts
 *
 * `connection` and `endpoint` are bytes of heap and buffers that one of them takes; `pooled` is what the
 * pool keeps of a connection beside gRPC's own; `resident` is what the process grew by, for each
 * connection.
 */
import { fromFileUrl } from "@std/path";
import { FlightClient } from "../flight/mod.ts";
import { ConnectionPool, type Poolable } from "../flowctl/mod.ts";

/** Bytes. */
export interface PoolMemory {
  readonly connection: number;
  readonly endpoint: number;
  readonly pooled: number;
  readonly resident: number;
}

/** Connections that are measured: the most that a pool may have by its variable. */
const CONNECTIONS = 50;

/** Endpoints, each with one connection, of a pool. */
const ENDPOINTS = 50;

/** Pools without gRPC, so that a figure of some hundred bytes is not lost. */
const BARE_POOLS = 100;

/** How often the garbage is collected until what is left is steady. */
const COLLECTIONS = 4;

async function used(): Promise<{ heap: number; rss: number }> {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("run with --v8-flags=--expose-gc");
  for (let round = 0; round < COLLECTIONS; round++) {
    gc();
    // What is held weakly is let go a turn later.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const { heapUsed, external, rss } = Deno.memoryUsage();
  return { heap: heapUsed + external, rss };
}

/** Opens a pool's connections, all of them, and gives them back. */
async function fill<C extends Poolable>(pool: ConnectionPool<C>, count: number): Promise<void> {
  const leases = await Promise.all(Array.from({ length: count }, () => pool.acquire()));
  for (const lease of leases) lease.release();
}

function grpcPool(endpoints: readonly string[]): ConnectionPool<FlightClient> {
  return new ConnectionPool<FlightClient>({
    endpoints,
    connect: (endpoint) => new FlightClient(endpoint),
    check: async (client) => {
      if (!await client.healthy()) throw new Error("it does not serve");
    },
    max: CONNECTIONS,
    min: 0,
  });
}

/** What the connections of a pool over these addresses take, each. */
async function perConnection(endpoints: readonly string[]) {
  // The first ones also load and make what all share.
  const first = grpcPool(endpoints.slice(0, 1));
  await fill(first, 2);
  const before = await used();
  const pool = grpcPool(endpoints);
  await fill(pool, CONNECTIONS);
  const after = await used();
  if (pool.stats().idle !== CONNECTIONS) throw new Error("the connections are gone");
  await pool.stop();
  await first.stop();
  return {
    heap: Math.round((after.heap - before.heap) / CONNECTIONS),
    rss: Math.round((after.rss - before.rss) / CONNECTIONS),
  };
}

/** What the pool keeps of a connection that is nothing but an object with two properties. */
async function perPooled(): Promise<number> {
  const pools: ConnectionPool<Poolable>[] = [];
  const make = async () => {
    const pool = new ConnectionPool<Poolable>({
      endpoints: ["host:8815"],
      connect: (endpoint) => ({ endpoint, close() {} }),
      check: () => Promise.resolve(),
      max: CONNECTIONS,
      min: 0,
    });
    await fill(pool, CONNECTIONS);
    pools.push(pool);
  };
  await make();
  const before = (await used()).heap;
  for (let count = 0; count < BARE_POOLS; count++) await make();
  const bytes = ((await used()).heap - before) / BARE_POOLS / CONNECTIONS;
  for (const pool of pools) await pool.stop();
  return Math.round(bytes);
}

async function measure(port: number): Promise<PoolMemory> {
  const pooled = await perPooled();
  const one = await perConnection([`127.0.0.1:${port}`]);
  // Each address of the loopback network leads to the same server and is an endpoint of its own.
  const many = await perConnection(
    Array.from({ length: ENDPOINTS }, (_, at) => `127.0.0.${at + 1}:${port}`),
  );
  return { connection: one.heap, endpoint: many.heap, pooled, resident: one.rss };
}

if (import.meta.main) {
  const script = fromFileUrl(new URL("./connection_pool_server.ts", import.meta.url));
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", script],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const port = Number((await output.read()).value);
  console.log(JSON.stringify(await measure(port)));
  await server.stdin.close();
  await server.status;
  await output.cancel();
}
