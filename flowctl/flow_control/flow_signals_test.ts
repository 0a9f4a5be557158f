import { assert, assertEquals, assertNotStrictEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { FlowControl } from "./flow_control.ts";
import { FlowControlError } from "./flow_control_error.ts";
import type { FlowSignal } from "./flow_signal.ts";

/** A flow control with services of 100 ledgers; `flip` makes one signal of a service. */
function services(count: number) {
  const errors: unknown[] = [];
  const flow = new FlowControl({
    clock: new FakeClock(),
    globalLimit: 1_000_000,
    onError: (error) => void errors.push(error),
  });
  for (let i = 0; i < count; i++) flow.intern(`s${i}`, { maxInflight: 100 });
  const flip = (index: number) => flow.update(index, flow.isActive(index) ? 1 : 90);
  return { flow, flip, errors };
}

const names = (signals: readonly FlowSignal[]) => signals.map(({ service }) => service);

Deno.test("each subscriber is told before update returns, in the order in which they came", () => {
  const { flow, flip } = services(1);
  const seen: string[] = [];
  const leave = flow.subscribe(({ level }) => void seen.push(`first ${level}`));
  flow.subscribe(({ level }) => void seen.push(`second ${level}`));
  flip(0);
  assertEquals(seen, ["first on", "second on"]);
  leave();
  flip(0);
  leave();
  assertEquals(seen, ["first on", "second on", "second off"]);
});

Deno.test("a listener that throws hurts neither the others nor who updates, and is reported", () => {
  const { flow, flip, errors } = services(1);
  const seen: string[] = [];
  flow.subscribe(() => {
    throw new Error("bad listener");
  });
  flow.subscribe(({ level }) => void seen.push(level));
  flip(0);
  assertEquals([seen, errors.map(String)], [["on"], ["Error: bad listener"]]);
});

Deno.test("an onError that throws hurts nobody either", () => {
  const flow = new FlowControl({
    clock: new FakeClock(),
    onError: () => {
      throw new Error("bad reporter");
    },
  });
  const seen: string[] = [];
  flow.subscribe(() => {
    throw new Error("bad listener");
  });
  flow.subscribe(({ level }) => void seen.push(level));
  flow.update(flow.intern("s", { maxInflight: 1 }), 1);
  assertEquals(seen, ["on"]);
});

Deno.test("64 subscribers are taken and no more, until one leaves", () => {
  const { flow } = services(1);
  const leaves = Array.from({ length: 64 }, () => flow.subscribe(() => {}));
  const { code, message } = assertThrows(() => flow.subscribe(() => {}), FlowControlError);
  assertEquals([code, message], [
    "CAPACITY",
    "There are 64 subscribers already, which is the most: unsubscribe one",
  ]);
  leaves[7]!();
  flow.subscribe(() => {});
});

Deno.test("a subscriber that leaves during a signal does not take another's turn", () => {
  const { flow, flip } = services(1);
  const seen: string[] = [];
  const leave = flow.subscribe(() => leave());
  flow.subscribe(({ level }) => void seen.push(level));
  flip(0);
  flip(0);
  assertEquals(seen, ["on", "off"]);
});

Deno.test("a signal is a slot that is used again; a copy stays as it was", () => {
  const { flow, flip } = services(1);
  const slots: FlowSignal[] = [], copies: FlowSignal[] = [];
  flow.subscribe((signal) => {
    slots.push(signal);
    copies.push(signal.copy());
  });
  for (let i = 0; i < 101; i++) flip(0);
  assert(slots[0] === slots[100], "after 100 signals the first slot comes again");
  assertEquals(new Set(slots).size, 100);
  assertEquals([copies[0]!.level, copies[1]!.level, copies[100]!.level], ["on", "off", "on"]);
  assertNotStrictEquals(copies[0], slots[0]);
  assert(copies[0]!.copy() === copies[0], "a copy needs no copy");
});

Deno.test("a full ring gives up the oldest of the same service, and not another's", () => {
  const { flow, flip } = services(3);
  flip(0);
  flip(1);
  for (let i = 0; i < 98; i++) flip(2);
  assertEquals(names(flow.recentSignals()).slice(0, 3), ["s0", "s1", "s2"]);
  for (let i = 0; i < 1000; i++) flip(2);
  const kept = flow.recentSignals();
  assertEquals(kept.length, 100);
  assertEquals(names(kept).slice(0, 3), ["s0", "s1", "s2"]);
  flip(0);
  assertEquals(names(flow.recentSignals()).slice(0, 2), ["s1", "s2"]);
  assertEquals(flow.recentSignals().at(-1)!.service, "s0");
});

Deno.test("a full ring gives up the oldest of all for a service that has none in it", () => {
  const { flow, flip } = services(101);
  for (let i = 0; i < 101; i++) flip(i);
  const kept = names(flow.recentSignals());
  assertEquals([kept.length, kept[0], kept.at(-1)], [100, "s1", "s100"]);
});

Deno.test("the kept signals are what a plain list with the same rule keeps", () => {
  const { flow, flip } = services(40);
  const list: string[] = [];
  let random = 12345;
  for (let i = 0; i < 5000; i++) {
    random = (Math.imul(random, 1103515245) + 12345) >>> 0;
    // Low services change often, high ones hardly ever.
    const service = Math.floor(40 * ((random >>> 8) / 2 ** 24) ** 3);
    flip(service);
    if (list.length === 100) list.splice(Math.max(0, list.indexOf(`s${service}`)), 1);
    list.push(`s${service}`);
    if (i % 50 === 0) assertEquals(names(flow.recentSignals()), list);
  }
});

Deno.test("a signal does not change under the listeners who look at it, though one causes others", () => {
  const { flow, flip } = services(101);
  for (let i = 0; i < 100; i++) flip(i);
  const seen: string[] = [];
  let nested = false;
  flow.subscribe(() => {
    if (nested) return;
    nested = true;
    for (let i = 0; i < 300; i++) flip(7);
  });
  flow.subscribe(({ service, level }) => void seen.push(`${service} ${level}`));
  flip(7);
  assertEquals(seen.length, 301);
  assertEquals(seen.at(-1), "s7 off", "the outer signal is told last and is still itself");
});

Deno.test("a listener that causes signals for ever is stopped with a sentence", () => {
  const { flow, flip, errors } = services(1);
  let calls = 0;
  flow.subscribe(() => {
    calls++;
    flip(0);
  });
  flip(0);
  assertEquals(calls, 100);
  assertEquals(
    String(errors[0]),
    "FlowControlError: Listeners caused 100 signals within each other: a listener must not update " +
      "a service so that it is called again",
  );
  flip(0);
});

Deno.test("a reader gets the signals since it came, in order, whenever it asks", async () => {
  const { flow, flip } = services(2);
  const abort = new AbortController();
  flip(0);
  const reader = flow.signals(abort.signal);
  flip(1);
  flip(0);
  const told: string[] = [];
  const waiting = (async () => {
    for await (const { service, level } of reader) told.push(`${service} ${level}`);
  })();
  await new FakeClock().advance(0);
  flip(0);
  await new FakeClock().advance(0);
  abort.abort();
  await waiting;
  assertEquals(told, ["s1 on", "s0 off", "s0 on"]);
  flip(0);
  assertEquals(told.length, 3);
});

Deno.test("for a reader that does not come 100 signals wait: the oldest of a service makes room", async () => {
  const { flow, flip } = services(2);
  const abort = new AbortController();
  const reader = flow.signals(abort.signal);
  flip(0);
  for (let i = 0; i < 500; i++) flip(1);
  const told: FlowSignal[] = [];
  for (let i = 0; i < 100; i++) told.push((await reader.next()).value);
  assertEquals([told[0]!.service, told[1]!.service, told[99]!.level], ["s0", "s1", "off"]);
  const next = reader.next();
  flip(0);
  assertEquals((await next).value.service, "s0");
  abort.abort();
  assertEquals((await reader.next()).done, true);
});

Deno.test("a reader that stops reading leaves the subscribers", async () => {
  const { flow, flip } = services(1);
  const abort = new AbortController();
  for (let i = 0; i < 200; i++) {
    const reader = flow.signals(abort.signal);
    flip(0);
    for await (const _ of reader) break;
    assertEquals(await reader.return!(), { done: true, value: undefined });
  }
});

Deno.test("a reader whose signal has aborted already ends at once and subscribes nobody", async () => {
  const { flow } = services(1);
  for (let i = 0; i < 65; i++) {
    assertEquals((await flow.signals(AbortSignal.abort()).next()).done, true);
  }
});
