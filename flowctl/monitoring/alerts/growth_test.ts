import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Growth, type GrowthRates } from "./growth.ts";

const WINDOW_MS = 120_000;

/** The growth at each look, one each five seconds from the first second on. */
function looks(
  growth: Growth,
  values: (second: number) => number,
  seconds: number,
): (GrowthRates | undefined)[] {
  return Array.from(
    { length: seconds / 5 + 1 },
    (_, at) => growth.update(values(at * 5), 1_000 + at * 5_000),
  );
}

Deno.test("a straight line grows by its slope a second, from window to window", () => {
  const { now, before } = looks(new Growth(WINDOW_MS), (second) => 7 + second * 0.5, 600).at(-1)!;
  assertAlmostEquals(now, 0.5, 0.05);
  assertAlmostEquals(before, 0.5, 0.05);
});

Deno.test("what rises and falls back to where it was does not grow, however steep it is", () => {
  const growths = looks(new Growth(WINDOW_MS), (second) => 2 + second % 30 * 1.5, 3_600);
  assertEquals(new Set(growths.map((each) => each?.now)), new Set([undefined, 0]));
});

Deno.test("what rises more than it falls grows at each look", () => {
  // 30 more in half a minute, then 24 less.
  const value = (second: number) => second % 30 + Math.floor(second / 30) * 6;
  const growths = looks(new Growth(WINDOW_MS), value, 3_600).slice(80).map((each) => each!);
  const sum = growths.reduce((all, { now }) => all + now, 0);
  assertAlmostEquals(sum / growths.length, 0.2, 0.02);
  assertEquals(growths.every(({ now, before }) => now > 0 && before > 0), true);
});

Deno.test("one step up is growth of one window alone", () => {
  const value = (second: number) => second < 600 ? 0 : 240;
  const growths = looks(new Growth(WINDOW_MS), value, 1_200).slice(80).map((each) => each!);
  assertEquals(growths.some(({ now }) => now === 2), true);
  assertEquals(growths.filter(({ now, before }) => now > 0 && before > 0), []);
});

Deno.test("nothing is known before two windows have gone by, and after a long silence", () => {
  const growth = new Growth(WINDOW_MS);
  const known = looks(growth, () => 4, 600).map((each) => each !== undefined);
  const first = known.indexOf(true) * 5;
  assertEquals([first > 230, first <= 240, known.lastIndexOf(false) * 5], [true, true, first - 5]);
  assertEquals(growth.update(900, 10_000_000), undefined);
  assertEquals(growth.update(900, 10_000_000 + WINDOW_MS), undefined);
  assertEquals(growth.update(900, 10_000_000 + 2 * WINDOW_MS), { now: 0, before: 0 });
});

Deno.test("of several values of one moment the least counts", () => {
  const growth = new Growth(WINDOW_MS);
  growth.update(0, 0);
  growth.update(0, WINDOW_MS);
  assertEquals(growth.update(240, 2 * WINDOW_MS)?.now, 2);
  assertEquals(growth.update(120, 2 * WINDOW_MS)?.now, 1);
  assertEquals(growth.update(240, 2 * WINDOW_MS)?.now, 1);
});
