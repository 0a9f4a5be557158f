import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { fakePool } from "./_fake_peers.ts";
import { type Lease, PoolError, type PoolTimeoutError } from "./mod.ts";

/** Notes in which order promises are fulfilled. */
function noted<T>(promises: readonly Promise<T>[]): number[] {
  const order: number[] = [];
  promises.forEach((promise, at) => promise.then(() => order.push(at), () => {}));
  return order;
}

Deno.test("a start opens the least number of connections, evenly over the endpoints, and tells of them", async () => {
  const { pool, peers, settle, told } = fakePool({ endpoints: ["a:1", "b:1"], min: 3 });
  assertEquals(peers.made.length, 0);
  pool.start();
  pool.start();
  assertEquals(pool.stats().opening, 3);
  await settle();
  assertEquals([peers.open("a:1").length, peers.open("b:1").length], [2, 1]);
  assertEquals(told(), ["connected a:1", "connected b:1", "connected a:1"]);
  const { total, idle, healthy, busy, opening, healthyEndpoints } = pool.stats();
  assertEquals([total, idle, healthy, busy, opening, healthyEndpoints], [3, 3, 3, 0, 0, 2]);
  await pool.stop();
});

Deno.test("a connection is one user's alone until it is given back, and is used again then", async () => {
  const { pool, peers, clock } = fakePool({ max: 2 });
  const first = await pool.acquire();
  const second = await pool.acquire();
  assert(first.connection !== second.connection);
  assertEquals([pool.stats().busy, pool.stats().idle, pool.stats().acquired], [2, 0, 2]);
  const third = pool.acquire();
  await clock.advance(0);
  assertEquals([pool.stats().waiting, peers.made.length], [1, 2]);
  second.release();
  assertStrictEquals((await third).connection, second.connection);
  first.release();
  (await third).release();
  assertEquals([pool.stats().busy, pool.stats().idle, peers.made.length], [0, 2, 2]);
  await pool.stop();
});

Deno.test("giving a connection back twice is an error that says so, in any combination", async () => {
  const { pool } = fakePool();
  for (const first of ["release", "fail"] as const) {
    for (const second of ["release", "fail"] as const) {
      const lease = await pool.acquire();
      lease[first](new Error("broken"));
      const error = assertThrows(() => lease[second](new Error("again")), PoolError);
      assertEquals(error.code, "RELEASED_TWICE");
      assertEquals(
        error.message,
        "The connection to a:1 has been given back already: call release() or fail() once, for " +
          "others may use it since.",
      );
      pool.replaceEndpoints([]);
      pool.replaceEndpoints(["a:1"]);
    }
  }
  assertEquals(pool.stats().busy, 0);
  await pool.stop();
});

Deno.test("a lease that is left by using is given back unless it was before", async () => {
  const { pool } = fakePool();
  {
    using _lease = await pool.acquire();
    assertEquals(pool.stats().busy, 1);
  }
  {
    using lease = await pool.acquire();
    lease.release();
  }
  assertEquals([pool.stats().busy, pool.stats().idle], [0, 1]);
  await pool.stop();
});

Deno.test("those who wait are served in the order of coming", async () => {
  const { pool, clock } = fakePool({ max: 1 });
  const holder = await pool.acquire();
  const waiting = [0, 1, 2, 3].map(() => pool.acquire());
  const order = noted(waiting);
  let lease: Lease<unknown & { endpoint: string; close(): void }> = holder;
  for (let at = 0; at < 4; at++) {
    lease.release();
    await clock.advance(0);
    assertEquals(order, [0, 1, 2, 3].slice(0, at + 1));
    lease = await waiting[at]!;
  }
  lease.release();
  await pool.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("a thousand who want a connection at once share ten, in order, and all are served", async () => {
  const { pool, peers, clock } = fakePool({ endpoints: ["a:1", "b:1"], max: 10 });
  let mostBusy = 0;
  const served: number[] = [];
  await Promise.all(Array.from({ length: 1_000 }, async (_, at) => {
    const lease = await pool.acquire();
    served.push(at);
    mostBusy = Math.max(mostBusy, pool.stats().busy);
    await Promise.resolve();
    lease.release();
  }));
  assertEquals(served, Array.from({ length: 1_000 }, (_, at) => at));
  assertEquals([mostBusy, peers.made.length], [10, 10]);
  assertEquals([pool.stats().acquired, pool.stats().waiting, pool.stats().idle], [1_000, 0, 10]);
  await pool.stop();
  assertEquals([clock.pending, peers.open().length], [0, 0]);
});

Deno.test("in turn: each endpoint takes work after the other, whether it is new or used again", async () => {
  const { pool } = fakePool({ endpoints: ["a:1", "b:1", "c:1"] });
  const taken: string[] = [];
  for (let turn = 0; turn < 6; turn++) {
    const lease = await pool.acquire();
    taken.push(lease.endpoint);
    lease.release();
  }
  assertEquals(taken, ["a:1", "b:1", "c:1", "a:1", "b:1", "c:1"]);
  const together = await Promise.all(Array.from({ length: 6 }, () => pool.acquire()));
  assertEquals(together.map(({ endpoint }) => endpoint).sort().join(), "a:1,a:1,b:1,b:1,c:1,c:1");
  for (const lease of together) lease.release();
  await pool.stop();
});

Deno.test("least loaded: the endpoint with the fewest connections in use takes the next work", async () => {
  const { pool } = fakePool({ endpoints: ["a:1", "b:1"], loadBalancing: "least_loaded" });
  const first = await pool.acquire();
  const second = await pool.acquire();
  const third = await pool.acquire();
  assertEquals([first.endpoint, second.endpoint, third.endpoint], ["a:1", "b:1", "a:1"]);
  const fourth = await pool.acquire();
  assertEquals(fourth.endpoint, "b:1");
  second.release();
  fourth.release();
  const again = [await pool.acquire(), await pool.acquire()];
  assertEquals(again.map(({ endpoint }) => endpoint), ["b:1", "b:1"]);
  for (const lease of [first, third, ...again]) lease.release();
  await pool.stop();
});

Deno.test("preferred: the first endpoint that serves takes all work, and the next one only while it does not", async () => {
  const { pool, peers, clock, told } = fakePool({ endpoints: ["a:1", "b:1"] });
  const wish = { order: "preferred" } as const;
  const leases = [await pool.acquire(undefined, wish), await pool.acquire(undefined, wish)];
  assertEquals(leases.map(({ endpoint }) => endpoint), ["a:1", "a:1"]);
  peers.answers.set("a:1", "refuses");
  leases[0]!.fail(new Error("reset by peer"));
  const moved = await pool.acquire(undefined, wish);
  assertEquals(moved.endpoint, "b:1");
  moved.release();
  // What was in use when it failed is not used again.
  leases[1]!.release();
  assertEquals(peers.open("a:1").length, 0);
  peers.answers.delete("a:1");
  told();
  await clock.advance(2_000);
  assertEquals(told(), ["recovered a:1"]);
  const back = await pool.acquire(undefined, wish);
  assertEquals(back.endpoint, "a:1");
  back.release();
  await clock.advance(0);
  assertEquals(told(), ["moved b:1 a:1"]);
  await pool.stop();
});

Deno.test("a move away says why, and one back does not", async () => {
  const { pool, clock, events } = fakePool({ endpoints: ["a:1", "b:1"] });
  const wish = { order: "preferred" } as const;
  (await pool.acquire(undefined, wish)).fail(new Error("reset by peer"));
  (await pool.acquire(undefined, wish)).release();
  await clock.advance(2_000);
  (await pool.acquire(undefined, wish)).release();
  await clock.advance(0);
  assertEquals(events.filter(({ type }) => type === "moved"), [
    { type: "moved", from: "a:1", to: "b:1", error: "reset by peer" },
    { type: "moved", from: "b:1", to: "a:1" },
  ]);
  await pool.stop();
});

Deno.test("an endpoint to avoid is taken only where no other serves", async () => {
  const { pool, peers } = fakePool({ endpoints: ["a:1", "b:1"] });
  (await pool.acquire()).release();
  const other = await pool.acquire(undefined, { avoid: "b:1" });
  assertEquals(other.endpoint, "a:1");
  const another = await pool.acquire(undefined, { avoid: "a:1", order: "preferred" });
  assertEquals(another.endpoint, "b:1");
  peers.answers.set("b:1", "refuses");
  another.fail(new Error("broken"));
  const left = await pool.acquire(undefined, { avoid: "a:1" });
  assertEquals(left.endpoint, "a:1");
  other.release();
  left.release();
  await pool.stop();
});

Deno.test("in a full pool an idle connection of an unwanted endpoint makes room for the one that is wanted", async () => {
  const { pool, peers } = fakePool({ endpoints: ["a:1", "b:1"], max: 1 });
  (await pool.acquire(undefined, { avoid: "b:1" })).release();
  const lease = await pool.acquire(undefined, { avoid: "a:1" });
  assertEquals([lease.endpoint, peers.open("a:1").length], ["b:1", 0]);
  // Also when the first in line wants another one than what is given back.
  const waiting = pool.acquire(undefined, { avoid: "b:1" });
  lease.release();
  assertEquals((await waiting).endpoint, "a:1");
  assertEquals(peers.open().length, 1);
  (await waiting).release();
  await pool.stop();
});

Deno.test("in a full pool nobody is passed by for ever because others want what is given back", async () => {
  const { pool, peers, clock } = fakePool({ endpoints: ["a:1", "b:1"], max: 1 });
  const holder = await pool.acquire(undefined, { avoid: "a:1" });
  const served: string[] = [];
  const order = ["first", "second", "third"].map((name, at) =>
    pool.acquire(undefined, at === 0 ? { order: "preferred" } : {}).then((lease) => {
      served.push(`${name} ${lease.endpoint}`);
      lease.release();
    })
  );
  holder.release();
  await Promise.all(order);
  assertEquals(served[0], "first a:1");
  assertEquals([served.length, peers.open().length], [3, 1]);
  await pool.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("who waits for a connection that opens takes one that is given back before, and the next in line takes over the new one", async () => {
  const { pool, peers, settle } = fakePool({ max: 2 });
  const holder = await pool.acquire();
  peers.answers.set("a:1", "hangs");
  const waiting = [pool.acquire(), pool.acquire()];
  const order = noted(waiting);
  await settle();
  assertEquals(peers.made.length, 2);
  holder.release();
  await settle();
  assertEquals(order, [0]);
  assertEquals((await waiting[0]!).connection, holder.connection);
  (await waiting[0]!).release();
  await settle();
  assertEquals([order, peers.made.length], [[0, 1], 2]);
  (await waiting[1]!).release();
  await pool.stop();
});

Deno.test("a wait ends after its time, with what all connections do and which variable allows more", async () => {
  const { pool, clock } = fakePool({ max: 1, acquireTimeoutMs: 3_000 });
  const lease = await pool.acquire();
  const refused = assertRejects(() => pool.acquire()) as Promise<PoolTimeoutError>;
  await clock.advance(2_999);
  assertEquals(pool.stats().waiting, 1);
  await clock.advance(1);
  const error = await refused;
  assertEquals([error.name, error.code, error.stats.busy], ["PoolTimeoutError", "TIMEOUT", 1]);
  assertEquals(
    error.message,
    "No connection within 3000 ms: all of CONNECTION_POOL_MAX_CONNECTIONS=1 are in use (1 busy, " +
      "1 healthy, 1 waiting). Release them sooner, or allow more.",
  );
  assertEquals([pool.stats().waiting, pool.stats().timeouts], [0, 1]);
  lease.release();
  await pool.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("a wait while no endpoint serves ends with the last error of each", async () => {
  const { pool, peers, clock } = fakePool({ endpoints: ["a:1", "b:1"], acquireTimeoutMs: 5_000 });
  peers.answers.set("a:1", "refuses").set("b:1", "throws");
  const refused = assertRejects(() => pool.acquire());
  await clock.advance(5_000);
  assertEquals(
    (await refused as Error).message,
    "No connection within 5000 ms: no endpoint serves, of a:1 (connection refused), b:1 (bad " +
      "address b:1).",
  );
  await pool.stop();
});

Deno.test("a wait while all endpoints are silent ends with a sentence too", async () => {
  const { pool, peers, clock } = fakePool({ acquireTimeoutMs: 5_000 });
  peers.answers.set("a:1", "hangs");
  const refused = assertRejects(() => pool.acquire());
  await clock.advance(5_000);
  assertEquals(
    (await refused as Error).message,
    "No connection within 5000 ms: none could be opened in time to a:1 (0 busy, 0 healthy, " +
      "1 waiting, at most CONNECTION_POOL_MAX_CONNECTIONS=10).",
  );
  await pool.stop();
  assertEquals([clock.pending, peers.open().length], [0, 0]);
});

Deno.test("without an endpoint a wait ends with the reason that is given, or is served as soon as there is one", async () => {
  const bare = fakePool({ endpoints: [], acquireTimeoutMs: 1_000 });
  const refused = assertRejects(() => bare.pool.acquire());
  await bare.clock.advance(1_000);
  assertEquals(
    (await refused as Error).message,
    "No connection within 1000 ms: the pool has no endpoint.",
  );
  await bare.pool.stop();

  const { pool, clock } = fakePool({ endpoints: [], emptyReason: () => "No service was found." });
  const told = assertRejects(() => pool.acquire());
  await clock.advance(10_000);
  assertEquals(
    (await told as Error).message,
    "No connection within 10000 ms: No service was found.",
  );
  const waiting = pool.acquire();
  pool.replaceEndpoints(["a:1"]);
  assertEquals((await waiting).endpoint, "a:1");
  (await waiting).release();
  await pool.stop();
});

Deno.test("an abort ends a wait with its reason and leaves no timer, and the connection goes to the next", async () => {
  const { pool, clock } = fakePool({ max: 1 });
  const holder = await pool.acquire();
  const controller = new AbortController();
  const aborted = assertRejects(() => pool.acquire(controller.signal), Error, "not needed");
  const next = pool.acquire();
  controller.abort(new Error("not needed"));
  await aborted;
  await assertRejects(() => pool.acquire(controller.signal), Error, "not needed");
  holder.release();
  (await next).release();
  await pool.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("a look-up gives what is open, in turn over the endpoints, beside whoever uses it, and opens nothing", async () => {
  const { pool, peers, settle } = fakePool({ endpoints: ["a:1", "b:1"], min: 2 });
  assertStrictEquals(pool.pick(), undefined);
  assertStrictEquals(pool.pick("a:1"), undefined);
  pool.start();
  await settle();
  assertEquals([pool.pick(), pool.pick(), pool.pick()].map((each) => each?.endpoint), [
    "a:1",
    "b:1",
    "a:1",
  ]);
  const lease = await pool.acquire();
  assertStrictEquals(pool.pick("a:1"), lease.connection);
  peers.answers.set("a:1", "refuses");
  lease.fail(new Error("broken"));
  assertStrictEquals(pool.pick("a:1"), undefined);
  assertEquals([pool.pick(), pool.pick()].map((each) => each?.endpoint), ["b:1", "b:1"]);
  assertStrictEquals(pool.pick("c:1"), undefined);
  await pool.stop();
  assertStrictEquals(pool.pick(), undefined);
});

Deno.test("after an endpoint failed, a look-up gives none of its connections that are still in use", async () => {
  const { pool } = fakePool();
  const [broken, stuck] = [await pool.acquire(), await pool.acquire()];
  broken.fail(new Error("broken"));
  assertStrictEquals(pool.pick("a:1"), undefined);
  stuck.release();
  await pool.stop();
});

Deno.test("idle connections are closed after their time, the longest unused first, down to the least number", async () => {
  const { pool, peers, clock, told } = fakePool({ min: 1, idleTimeoutMs: 60_000 });
  pool.start();
  const leases = [];
  for (let at = 0; at < 3; at++) leases.push(await pool.acquire());
  for (const lease of leases) {
    lease.release();
    await clock.advance(10_000);
  }
  told();
  await clock.advance(29_999);
  assertEquals([peers.open().length, told()], [3, []]);
  await clock.advance(1);
  assertEquals([peers.open().length, told()], [2, ["closed_idle a:1"]]);
  assert(leases[0]!.connection.isClosed);
  // A look-up counts as use.
  assertStrictEquals(pool.pick(), leases[2]!.connection);
  await clock.advance(600_000);
  assertEquals(peers.open(), [leases[2]!.connection]);
  await pool.stop();
  assertEquals(clock.pending, 0);
});

Deno.test("options that make no sense are refused with a sentence", () => {
  const bad = [
    [{ max: 0 }, "Connection pool: max must be a whole number from 1 on: 0."],
    [{ max: 1.5 }, "Connection pool: max must be a whole number from 1 on: 1.5."],
    [
      { max: 2, min: 3 },
      "Connection pool: min must be a whole number from 0 to max, which is 2: 3.",
    ],
    [{ min: -1 }, "Connection pool: min must be a whole number from 0 to max, which is 10: -1."],
    [{ idleTimeoutMs: 0 }, "Connection pool: idleTimeoutMs must be above 0: 0."],
    [{ connectTimeoutMs: NaN }, "Connection pool: connectTimeoutMs must be above 0: NaN."],
  ] as const;
  for (const [options, message] of bad) {
    const error = assertThrows(() => fakePool(options), PoolError);
    assertEquals([error.code, error.message], ["INVALID_OPTIONS", message]);
  }
});
