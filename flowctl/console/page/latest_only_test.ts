import { assertEquals } from "@std/assert";
import { LatestOnly } from "./latest_only.ts";

Deno.test("work that is asked for while it runs runs once more", async () => {
  const ends: (() => void)[] = [];
  const latest = new LatestOnly(() => new Promise((resolve) => ends.push(resolve)));
  const asked = latest.ask();
  await latest.ask();
  await latest.ask();
  assertEquals(ends.length, 1);
  ends[0]!();
  await Promise.resolve();
  assertEquals(ends.length, 2);
  ends[1]!();
  await asked;
  void latest.ask();
  assertEquals(ends.length, 3);
});
