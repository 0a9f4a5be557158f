import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { FlightClient, FlightServer } from "../../flight/mod.ts";
import { FIRST_LEDGER, LAST_LEDGER, ledgerDataset } from "../../flight/testing/mod.ts";
import { ConnectionPool, type ConnectionPoolOptions } from "../../flowctl/mod.ts";
import { eventually } from "../e2e/patience.ts";
import { TcpRelay } from "./tcp_relay.ts";

/** A server behind a relay of its own. */
class Peer implements AsyncDisposable {
  #server: FlightServer;

  private constructor(server: FlightServer, readonly port: number, readonly relay: TcpRelay) {
    this.#server = server;
  }

  static async start(): Promise<Peer> {
    const server = flightServer(0);
    const { port } = await server.start();
    return new Peer(server, port, new TcpRelay(port));
  }

  get endpoint(): string {
    return this.relay.endpoint;
  }

  setServing(serving: boolean): void {
    this.#server.setServing(serving);
  }

  async stop(): Promise<void> {
    await this.#server.stop(0);
  }

  /** Serves at the same port again. */
  async restart(): Promise<void> {
    this.#server = flightServer(this.port);
    await this.#server.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.relay[Symbol.asyncDispose]();
    await this.#server.stop(0);
  }
}

function flightServer(port: number): FlightServer {
  return new FlightServer({ bindAddress: "127.0.0.1", port, datasets: [ledgerDataset] });
}

/** Looks and checks come often, so that the tests wait for none. */
const OFTEN_MS = 100;

function poolOf(
  endpoints: readonly string[],
  options: Partial<ConnectionPoolOptions<FlightClient>> = {},
): ConnectionPool<FlightClient> {
  return new ConnectionPool<FlightClient>({
    endpoints,
    connect: (endpoint) => new FlightClient(endpoint),
    check: async (client) => {
      if (!await client.healthy()) throw new Error("it does not serve or cannot be reached");
    },
    min: 0,
    healthCheckIntervalMs: OFTEN_MS,
    ...options,
  });
}

const PREFERRED = { order: "preferred" } as const;

/** The ledgers that a client reads. */
async function ledgersOf(client: FlightClient): Promise<number> {
  const request = { dataset: "stellar_ledger", startLedger: FIRST_LEDGER, endLedger: LAST_LEDGER };
  let ledgers = 0;
  for await (const { batch } of client.doGet(request)) ledgers += batch.numRows;
  return ledgers;
}

function isUnhealthy(pool: ConnectionPool<FlightClient>, endpoint: string): boolean {
  return pool.stats().endpoints.some((each) =>
    each.endpoint === endpoint && each.state === "unhealthy"
  );
}

Deno.test("each connection of a pool is a TCP connection of its own, used again and closed with the pool", async () => {
  await using peer = await Peer.start();
  {
    await using pool = poolOf([peer.endpoint], { max: 4 });
    const leases = await Promise.all([1, 2, 3, 4].map(() => pool.acquire()));
    assertEquals([peer.relay.accepted, peer.relay.open], [4, 4]);
    const read = await Promise.all(leases.map(({ connection }) => ledgersOf(connection)));
    assertEquals(read, Array(4).fill(LAST_LEDGER - FIRST_LEDGER + 1));
    for (const lease of leases) lease.release();
    for (let turn = 0; turn < 8; turn++) {
      using lease = await pool.acquire();
      await lease.connection.getSchema("stellar_ledger");
    }
    assertEquals(peer.relay.accepted, 4);
  }
  await eventually("connections are open", () => peer.relay.open === 0);
});

Deno.test("work moves to the other endpoint when its server stops, and back when it serves again", async () => {
  await using first = await Peer.start();
  await using second = await Peer.start();
  await using pool = poolOf([first.endpoint, second.endpoint], { min: 2 });
  pool.start();
  const lease = await pool.acquire(undefined, PREFERRED);
  assertEquals(lease.endpoint, first.endpoint);
  await first.stop();
  lease.fail(new Error("the stream broke off"));
  {
    using moved = await pool.acquire(undefined, PREFERRED);
    assertEquals(moved.endpoint, second.endpoint);
    assertEquals(await ledgersOf(moved.connection), LAST_LEDGER - FIRST_LEDGER + 1);
  }
  assert(isUnhealthy(pool, first.endpoint));
  assertEquals(pool.pick()?.endpoint, second.endpoint);
  await first.restart();
  await eventually("the first one is not found again", () => !isUnhealthy(pool, first.endpoint));
  using back = await pool.acquire(undefined, PREFERRED);
  assertEquals(back.endpoint, first.endpoint);
  assertEquals(await ledgersOf(back.connection), LAST_LEDGER - FIRST_LEDGER + 1);
});

Deno.test("a server that says that it does not serve, or stops while nobody uses it, is noticed by its checks", async () => {
  await using peer = await Peer.start();
  await using pool = poolOf([peer.endpoint], { min: 1 });
  pool.start();
  (await pool.acquire()).release();
  peer.setServing(false);
  await eventually("still healthy", () => isUnhealthy(pool, peer.endpoint));
  peer.setServing(true);
  await eventually("still unhealthy", () => pool.stats().healthyEndpoints === 1);
  await peer.stop();
  await eventually("still healthy", () => isUnhealthy(pool, peer.endpoint));
  await peer.restart();
  await eventually("still unhealthy", () => pool.stats().healthyEndpoints === 1);
  assert(pool.stats().reconnectsBy.check_failed >= 2);
});

Deno.test("a server that stands still loses its work to another one, and gets it back", async () => {
  await using first = await Peer.start();
  await using second = await Peer.start();
  await using pool = poolOf([first.endpoint, second.endpoint], { min: 2, connectTimeoutMs: 2_000 });
  pool.start();
  (await pool.acquire(undefined, PREFERRED)).release();
  first.relay.pause();
  await eventually("the first one is still preferred", async () => {
    using lease = await pool.acquire(undefined, PREFERRED);
    return lease.endpoint === second.endpoint;
  });
  await eventually("still healthy", () => isUnhealthy(pool, first.endpoint));
  first.relay.resume();
  await eventually("still unhealthy", () => pool.stats().healthyEndpoints === 2);
  using back = await pool.acquire(undefined, PREFERRED);
  assertEquals(back.endpoint, first.endpoint);
});

Deno.test("connections that a server ends by GOAWAY are opened again, and the work goes on", async () => {
  const script = fromFileUrl(new URL("./short_lived_connections.ts", import.meta.url));
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", script],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await using relay = new TcpRelay(Number((await output.read()).value));
  {
    await using pool = poolOf([relay.endpoint], { min: 2 });
    pool.start();
    await eventually("no connection is opened again", async () => {
      using lease = await pool.acquire();
      // One that is asked just as it ends may not be answered; the pool's own checks are no different.
      await lease.connection.healthy();
      return relay.accepted >= 6;
    });
    await eventually("it does not serve", async () => {
      using lease = await pool.acquire();
      return await lease.connection.healthy();
    });
    assert(pool.stats().total <= 10);
  }
  await server.stdin.close();
  assertEquals((await server.status).code, 0);
  await output.cancel();
});
