import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseDeclaration } from "../config/mod.ts";
import { FakeProcess, recorded } from "./_fake_process.ts";
import type { Component } from "./component.ts";
import { runComponent, STOP_DEADLINE_MS } from "./component_host.ts";
import { FakeClock } from "./fake_clock.ts";

const declaration = parseDeclaration(
  await Deno.readTextFile(new URL("./testdata/component.yaml", import.meta.url)),
);

Deno.test("a stop that takes longer than its deadline ends the process with 1", async () => {
  const [process, clock] = [new FakeProcess(), new FakeClock()];
  const drained = Promise.withResolvers<void>();
  const component = recorded([], { stop: () => drained.promise });
  const run = runComponent(declaration, () => component, { process, clock });
  await clock.advance(0);
  process.signal("SIGTERM");
  await clock.advance(STOP_DEADLINE_MS - 1);
  assertEquals(process.codes, []);
  await clock.advance(1);
  assertEquals(process.codes, [1]);
  assertStringIncludes(process.err.at(-1)!, "not stopped after 5 s");
  drained.resolve();
  await run;
  assertEquals(process.codes, [1]);
});

Deno.test("a signal while the component is built stops before it starts", async () => {
  const [process, clock] = [new FakeProcess(), new FakeClock()];
  const calls: string[] = [];
  const built = Promise.withResolvers<Component>();
  const run = runComponent(declaration, () => built.promise, { process, clock });
  process.signal("SIGINT");
  await run;
  built.resolve(recorded(calls));
  await clock.advance(0);
  assertEquals([process.codes, calls], [[0], []]);
});

Deno.test("a stopped host leaves no timer, and stops the component once", async () => {
  const [process, clock] = [new FakeProcess(), new FakeClock()];
  const calls: string[] = [];
  const run = runComponent(declaration, () => recorded(calls), { process, clock });
  await clock.advance(0);
  process.signal("SIGTERM");
  await run;
  assertEquals(calls, ["start", "stop SIGTERM"]);
  assertEquals([process.codes, clock.pending], [[0], 0]);
});

Deno.test("a stop that fails is told and ends with 1", async () => {
  const [process, clock] = [new FakeProcess(), new FakeClock()];
  const stop = () => Promise.reject(new Error("the last commit failed"));
  const finished = Promise.resolve();
  await runComponent(declaration, () => recorded([], { stop, finished }), { process, clock });
  assertEquals(process.codes, [1]);
  assertStringIncludes(process.err.at(-1)!, "the last commit failed");
});

Deno.test("what the data stops ends with 4, also when its stop fails or takes too long", async () => {
  const final = Object.assign(new Error("ledger 8 does not decode"), { isFinal: true });
  for (const stop of [() => Promise.resolve(), () => Promise.reject(new Error("no commit"))]) {
    const [process, clock] = [new FakeProcess(), new FakeClock()];
    const finished = Promise.reject(final);
    await runComponent(declaration, () => recorded([], { finished, stop }), { process, clock });
    assertEquals(process.codes, [4]);
    assertStringIncludes(process.err.join("\n"), "ledger 8 does not decode");
  }
  const [process, clock] = [new FakeProcess(), new FakeClock()];
  const drained = Promise.withResolvers<void>();
  const start = () => Promise.reject(final);
  const run = runComponent(
    declaration,
    () => recorded([], { start, stop: () => drained.promise }),
    {
      process,
      clock,
    },
  );
  await clock.advance(0);
  await clock.advance(STOP_DEADLINE_MS);
  assertEquals(process.codes, [4]);
  drained.resolve();
  await run;
});

Deno.test("an error that nobody caught ends the process at once with 1", async () => {
  const [process, clock] = [new FakeProcess(), new FakeClock()];
  const run = runComponent(declaration, () => recorded([]), { process, clock });
  await clock.advance(0);
  process.uncaught(new Error("a mistake"));
  assertEquals(process.codes, [1]);
  process.signal("SIGTERM");
  await run;
  assertEquals(process.codes, [1]);
});

Deno.test("a child of the manager takes the prefixed port only, and no profile of its own", async () => {
  const process = new FakeProcess({
    PIPELINE_CHILD: "1",
    HEALTH_PORT: "1",
    TEST_ARROW_COMPONENT_HEALTH_PORT: "0",
  });
  const clock = new FakeClock();
  const run = runComponent(declaration, () => recorded([]), { process, clock });
  await clock.advance(0);
  assertStringIncludes(process.out[0]!, '@ready {"component":"test-arrow-component"');
  process.signal("SIGTERM");
  await run;
  assertEquals([process.codes, process.out.slice(-2)], [[0], [
    "@done {}",
    `@ended {"reason":"SIGTERM"}`,
  ]]);
});

Deno.test("records name the ledger that the component is at, and a flood of them is counted to the end", async () => {
  const [process, clock] = [new FakeProcess(), new FakeClock()];
  const progress = { ledger: 41, tip: null, ledgers_total: 1, events_total: null };
  const run = runComponent(declaration, ({ log }) =>
    recorded([], {
      health: () => ({ status: "healthy", details: {}, progress }),
      stop: () => {
        for (let i = 0; i < 250; i++) log.warn("The disk is slow");
        return Promise.resolve();
      },
    }), { process, clock });
  await clock.advance(0);
  process.signal("SIGTERM");
  await run;
  const slow = process.err.filter((line) => /WARN +\S+ The disk is slow ledger=41$/.test(line));
  assertEquals([slow.length, clock.pending], [100, 0]);
  assertStringIncludes(process.err.at(-1)!, 'ledger=41 what="The disk is slow" count=150');
});
