import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { type Answer, type FakeConnection, fakePool } from "./_fake_peers.ts";
import type { EndpointWish, Lease, LoadBalancing } from "./mod.ts";

const ENDPOINTS = ["a:1", "b:1", "c:1"];
const ANSWERS: readonly Answer[] = ["serves", "refuses", "hangs", "throws"];

/** Longest time in which somebody must be served once an endpoint serves: a lateness, a backoff. */
const PATIENCE_MS = 15_000;

/** Something that happens to a pool. */
type Step =
  | { readonly what: "acquire"; readonly wish: EndpointWish; readonly isAborted: boolean }
  | { readonly what: "release" | "fail"; readonly which: number }
  | { readonly what: "answer"; readonly endpoint: string; readonly answer: Answer }
  | { readonly what: "replace"; readonly endpoints: readonly string[] }
  | { readonly what: "wait"; readonly ms: number }
  | { readonly what: "pick" };

const endpoint = fc.constantFrom(...ENDPOINTS);
const wish = fc.record({
  order: fc.constantFrom("balanced" as const, "preferred" as const),
  avoid: fc.oneof(endpoint, fc.constant("none:1")),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant("acquire" as const),
      wish,
      isAborted: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constantFrom("release" as const, "fail" as const),
      which: fc.nat(10),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("answer" as const),
      endpoint,
      answer: fc.constantFrom(...ANSWERS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant("replace" as const),
      endpoints: fc.shuffledSubarray(ENDPOINTS),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant("wait" as const),
      ms: fc.constantFrom(0, 1, 50, 999, 1_000, 5_000, 30_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("pick" as const) }) },
);

/** A pool under test and all that is known of its users. */
class Trial {
  readonly made: ReturnType<typeof fakePool>;
  readonly leases: Lease<FakeConnection>[] = [];
  readonly settled: Promise<unknown>[] = [];
  waiting = 0;
  given = 0;

  constructor(readonly max: number, min: number, loadBalancing: LoadBalancing) {
    this.made = fakePool({
      endpoints: ENDPOINTS,
      max,
      min,
      loadBalancing,
      idleTimeoutMs: 3_000,
      healthCheckIntervalMs: 2_000,
      connectTimeoutMs: 4_000,
      acquireTimeoutMs: 20_000,
    });
    this.made.pool.start();
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      this.#do(step);
      this.#holds();
      await this.made.clock.advance(step.what === "wait" ? step.ms : 0);
      this.#holdsAtRest();
    }
    await this.#everyoneIsServed();
    await this.#stopLeavesNothing();
  }

  #do(step: Step): void {
    const { pool, peers } = this.made;
    if (step.what === "acquire") this.#acquire(step.wish, step.isAborted);
    else if (step.what === "answer") peers.answers.set(step.endpoint, step.answer);
    else if (step.what === "replace") pool.replaceEndpoints(step.endpoints);
    else if (step.what === "pick") assert(!pool.pick()?.isClosed);
    else if (step.what !== "wait") {
      const [lease] = this.leases.splice(step.which % (this.leases.length || 1), 1);
      if (step.what === "release") lease?.release();
      else lease?.fail(new Error("broken"));
    }
  }

  #acquire(wish: EndpointWish, isAborted: boolean): void {
    const controller = new AbortController();
    this.waiting++;
    const acquired = this.made.pool.acquire(controller.signal, wish).then((lease) => {
      this.given++;
      assert(!lease.connection.isClosed, "a closed connection was given out");
      assert(!this.leases.some(({ connection }) => connection === lease.connection), "twice");
      this.leases.push(lease);
    }, () => {}).finally(() => this.waiting--);
    this.settled.push(acquired);
    if (isAborted) controller.abort(new Error("not needed"));
  }

  #holds(): void {
    const { pool } = this.made;
    const stats = pool.stats();
    const { total, idle, busy, opening, healthy, endpoints } = stats;
    assertEquals(total, idle + busy + opening);
    assert(total <= this.max, `${total} of ${this.max}`);
    assert(healthy <= idle + busy && idle <= healthy);
    for (const key of ["total", "idle", "busy", "opening", "healthy"] as const) {
      assertEquals(endpoints.reduce((sum, each) => sum + each[key], 0), stats[key], key);
    }
  }

  /** What holds once that which was given up has been closed. */
  #holdsAtRest(): void {
    this.#holds();
    const { pool, peers } = this.made;
    const { total, idle, busy, endpoints } = pool.stats();
    const open = peers.open().length;
    // Each endpoint that has failed is tried by one connection at most.
    const tried = endpoints.filter(({ state }) => state === "unhealthy").length;
    assert(open >= idle + busy && open <= total + tried, `${open} are open`);
  }

  /** Once everything serves and everybody gives back, nobody is left waiting. */
  async #everyoneIsServed(): Promise<void> {
    const { pool, peers, clock } = this.made;
    peers.answers.clear();
    pool.replaceEndpoints(ENDPOINTS);
    const until = clock.monotonic() + PATIENCE_MS;
    while (this.waiting > 0 && clock.monotonic() < until) {
      for (const lease of this.leases.splice(0)) lease.release();
      await clock.advance(100);
    }
    assertEquals(this.waiting, 0, "somebody starves");
    for (const lease of this.leases.splice(0)) lease.release();
    await clock.advance(10_000);
    const { total, idle, healthyEndpoints, waiting, acquired } = pool.stats();
    assertEquals([idle, waiting], [total, 0]);
    assert(healthyEndpoints <= ENDPOINTS.length);
    assertEquals(acquired, this.given);
    assertEquals(peers.open().length, total);
  }

  async #stopLeavesNothing(): Promise<void> {
    const { pool, peers, clock } = this.made;
    await pool.stop();
    await Promise.all(this.settled);
    assertEquals([peers.open().length, clock.pending, pool.stats().total], [0, 0, 0]);
    assert(peers.made.every(({ closes }) => closes === 1), "closed twice");
  }
}

Deno.test("whatever happens in whatever order: never too many, none given out twice, nobody starves, the counts add up", async () => {
  const trial = fc.record({
    max: fc.integer({ min: 1, max: 5 }),
    min: fc.nat(2),
    loadBalancing: fc.constantFrom<LoadBalancing>("round_robin", "least_loaded"),
    steps: fc.array(step, { maxLength: 60, size: "max" }),
  });
  await fc.assert(
    fc.asyncProperty(trial, async ({ max, min, loadBalancing, steps }) => {
      await new Trial(max, Math.min(min, max), loadBalancing).run(steps);
    }),
    { numRuns: 500 },
  );
});
