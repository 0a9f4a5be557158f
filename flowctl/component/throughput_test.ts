import { assertEquals } from "@std/assert";
import { Throughput } from "./throughput.ts";

Deno.test("the rate is that of the last minute, and unknown before two looks", () => {
  const throughput = new Throughput();
  assertEquals(throughput.perSecond(), undefined);
  throughput.update(100, 0);
  assertEquals(throughput.perSecond(), undefined);
  throughput.update(160, 60_000);
  assertEquals(throughput.perSecond(), 1);
  throughput.update(760, 120_000);
  assertEquals(throughput.perSecond(), 10);
});

Deno.test("a counter that begins again, as after a restart, gives no negative rate", () => {
  const throughput = new Throughput();
  throughput.update(1000, 0);
  throughput.update(0, 1000);
  assertEquals(throughput.perSecond(), undefined);
  throughput.update(5, 2000);
  assertEquals(throughput.perSecond(), 5);
});

Deno.test("looks in quick succession do not pile up", () => {
  const throughput = new Throughput();
  for (let at = 0; at < 10_000; at++) throughput.update(at, at);
  assertEquals(throughput.perSecond(), 1000);
});
