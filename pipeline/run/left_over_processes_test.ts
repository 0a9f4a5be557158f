import { assertEquals, assertStringIncludes } from "@std/assert";
import { FakeClock } from "../../flowctl/mod.ts";
import type { ProcessFacts } from "../process/mod.ts";
import { endLeftOvers } from "./left_over_processes.ts";

const SINK = { component: "arrow-analytics-sink", pid: 12, startedAt: "t1" };

function factsOf(startedAt: string, command: string): ProcessFacts {
  return { pid: 12, parent: 1, startedAt, command };
}

function table(facts: () => ProcessFacts | undefined) {
  const signals: [number, string][] = [];
  return {
    signals,
    facts: () => Promise.resolve(facts()),
    signal: (pid: number, signal: Deno.Signal) => void signals.push([pid, signal]),
  };
}

Deno.test("a component that ends by itself within the grace period is waited for", async () => {
  const clock = new FakeClock();
  let looks = 0;
  const processes = table(() =>
    ++looks < 3 ? factsOf("t1", "deno run arrow-analytics-sink/main.ts") : undefined
  );
  const waiting = endLeftOvers([SINK], 1000, clock, processes);
  await clock.advance(900);
  assertEquals(await waiting, []);
  assertEquals(processes.signals, []);
});

Deno.test("one that does not end is killed after the grace period, and it is said so", async () => {
  const clock = new FakeClock();
  let isGone = false;
  const processes = table(() =>
    isGone ? undefined : factsOf("t1", "deno run arrow-analytics-sink/main.ts")
  );
  let isOver = false;
  const waiting = endLeftOvers([SINK], 1000, clock, processes).finally(() => isOver = true);
  await clock.advance(1500);
  assertEquals(processes.signals, [[12, "SIGKILL"]]);
  // It holds its ports until it is gone.
  assertEquals(isOver, false);
  isGone = true;
  await clock.advance(100);
  assertStringIncludes((await waiting)[0]!, "process 12 of an earlier run");
});

Deno.test("one that is ending, and has no command line any more, is waited for", async () => {
  const clock = new FakeClock();
  let looks = 0;
  const processes = table(() => ++looks < 3 ? factsOf("t1", "") : undefined);
  const waiting = endLeftOvers([SINK], 1000, clock, processes);
  await clock.advance(900);
  assertEquals([await waiting, looks], [[], 3]);
});

Deno.test("a process that only has the id is never touched", async () => {
  const clock = new FakeClock();
  for (const other of [factsOf("t2", "arrow-analytics-sink"), factsOf("t1", "vim notes")]) {
    const processes = table(() => other);
    assertEquals(await endLeftOvers([SINK], 0, clock, processes), []);
    assertEquals(processes.signals, []);
  }
});
