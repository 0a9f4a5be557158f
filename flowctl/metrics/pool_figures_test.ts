import { assertEquals } from "@std/assert";
import type { HealthPool } from "../component/mod.ts";
import { MAX_TOLD_ENDPOINTS, poolFigures, toldPool } from "./pool_figures.ts";

const pool = (endpoints: readonly string[]): HealthPool => ({
  total: 4,
  healthy: 3,
  idle: 1,
  busy: 2,
  waiting: 5,
  reconnects: { connect_failed: 1, check_failed: 0, call_failed: 7 },
  endpoints: endpoints.map((endpoint) => ({ endpoint, total: 4, healthy: 3, idle: 1, busy: 2 })),
});

/** As a heartbeat carries it. */
const carried = (figures: Record<string, number>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, `${value}`]));

Deno.test("what a heartbeat carries of a pool comes back by endpoint and by reason", () => {
  const told = toldPool(carried(poolFigures(pool(["a:1", "[::1]:2"]))))!;
  assertEquals(told.endpoints, [...pool(["a:1", "[::1]:2"]).endpoints!]);
  assertEquals([...told.reconnects], [["connect_failed", 1], ["check_failed", 0], [
    "call_failed",
    7,
  ]]);
});

Deno.test("of many endpoints the first are told, and no more are believed", () => {
  const many = Array.from({ length: MAX_TOLD_ENDPOINTS + 5 }, (_, port) => `a:${port + 1}`);
  const figures = poolFigures(pool(many));
  assertEquals(toldPool(carried(figures))!.endpoints.length, MAX_TOLD_ENDPOINTS);
  const forged = Object.fromEntries(many.map((endpoint) => [`pool_total/${endpoint}`, "1"]));
  assertEquals(toldPool({ pool_total: "1", ...forged })!.endpoints.length, MAX_TOLD_ENDPOINTS);
});

Deno.test("a service without a pool has none, and nonsense is passed over", () => {
  assertEquals(toldPool({ load_ratio: "1" }), undefined);
  const told = toldPool({
    pool_total: "1",
    "pool_total/a:1": "many",
    "reconnects_total/bored": "1",
  })!;
  assertEquals([told.endpoints, [...told.reconnects]], [[], []]);
});
