import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Growth } from "./growth.ts";

Deno.test("a straight line grows by its slope a second, as deriv of Prometheus", () => {
  const growth = new Growth(120_000);
  assertEquals(growth.update(5, 1_000), undefined);
  let slope: number | undefined;
  for (let i = 1; i < 100; i++) slope = growth.update(5 + i * 2.5, 1_000 + i * 5_000);
  assertAlmostEquals(slope!, 0.5, 1e-9);
});

Deno.test("values older than the window do not count", () => {
  const growth = new Growth(10_000);
  growth.update(1_000, 0);
  growth.update(1, 20_000);
  assertEquals(growth.update(1, 25_000), 0);
});

Deno.test("two values of one moment have no slope", () => {
  const growth = new Growth(10_000);
  growth.update(1, 5);
  assertEquals(growth.update(2, 5), undefined);
});
