import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { FlowControlError } from "./flow_control_error.ts";
import type { SharedFlowOutcome, SharedFlowTask } from "./_shared_flow_worker.ts";
import { SharedFlowControl } from "./shared_flow_control.ts";

const WORKERS = 3;

type Plan = Pick<SharedFlowTask, "kind" | "rounds"> & {
  readonly services: (worker: number) => readonly number[];
};

/** Runs workers on a flow control, and `meanwhile` now and then until all are done. */
async function inWorkers(
  flow: SharedFlowControl,
  plan: Plan,
  meanwhile?: () => void,
): Promise<SharedFlowOutcome[]> {
  const meetings = new SharedArrayBuffer(8 * (plan.rounds + 1));
  const workers: Worker[] = [];
  let done = false;
  const outcomes = Array.from({ length: WORKERS }, (_, worker) => {
    const thread = new Worker(new URL("./_shared_flow_worker.ts", import.meta.url), {
      type: "module",
    });
    workers.push(thread);
    return new Promise<SharedFlowOutcome>((resolve, reject) => {
      thread.onmessage = ({ data }) => resolve(data);
      thread.onerror = (event) => reject(new Error(event.message));
      const task: SharedFlowTask = {
        ...plan,
        buffer: flow.buffer,
        meetings,
        workers: WORKERS,
        worker,
        services: plan.services(worker),
      };
      thread.postMessage(task);
    });
  });
  const all = Promise.all(outcomes).finally(() => done = true);
  while (meanwhile !== undefined && !done) {
    meanwhile();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  try {
    return await all;
  } finally {
    for (const worker of workers) worker.terminate();
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

Deno.test("of several threads that cross a threshold at the same time exactly one signals it", async () => {
  const flow = new SharedFlowControl();
  const service = flow.intern("shared", { maxInflight: 100 });
  const rounds = 500;
  const outcomes = await inWorkers(flow, { kind: "together", rounds, services: () => [service] });
  assertEquals(sum(outcomes.map(({ on }) => on)), rounds);
  assertEquals(sum(outcomes.map(({ off }) => off)), rounds);
  assertEquals(outcomes.map(({ name }) => name), Array(WORKERS).fill("shared"));
  assertEquals(flow.totalInflight, 10);
});

Deno.test("after any concurrent updates and steps the sums are right and each signal was one change", async () => {
  const flow = new SharedFlowControl();
  const services = Array.from(
    { length: 40 },
    (_, i) => flow.intern(`s${i}`, { maxInflight: 100 }),
  );
  let [on, off] = [0, 0];
  flow.subscribe(({ level }) => {
    if (level === "on") on++;
    if (level === "off") off++;
  });
  // Ten of its own each, and ten that all of them update.
  const outcomes = await inWorkers(flow, {
    kind: "walk",
    rounds: 100_000,
    services: (worker) => [...services.slice(10 * worker, 10 * worker + 10), ...services.slice(30)],
  }, () => {
    flow.step();
    for (const service of services) {
      const throttle = flow.throttle(service);
      assert(throttle >= 0.05 && throttle <= 1, `${throttle}`);
    }
  });
  assertEquals(flow.totalInflight, sum(services.map((service) => flow.inflight(service))));
  on += sum(outcomes.map((outcome) => outcome.on));
  off += sum(outcomes.map((outcome) => outcome.off));
  assertEquals(on - off, services.filter((service) => flow.isActive(service)).length);
  assert(sum(outcomes.map((outcome) => outcome.on)) > 1000);
  flow.step();
  for (const service of services) {
    flow.update(service, 0);
    assertEquals(flow.isActive(service), false);
    assert(flow.drainRate(service)! > 0);
  }
  assertEquals(flow.totalInflight, 0);
});

Deno.test("what an attached one does, the owner sees, and the other way round", () => {
  const clock = new FakeClock();
  const owner = new SharedFlowControl({
    clock,
    capacity: 4,
    globalLimit: 500,
    backpressureThreshold: 0.7,
    recoveryThreshold: 0.5,
  });
  const index = owner.intern("größe 🌍", { maxInflight: 10, maxInflightBytes: 1000 });
  const attached = new SharedFlowControl({ buffer: owner.buffer, clock });
  assertEquals(
    [attached.globalLimit, attached.backpressureThreshold, attached.recoveryThreshold],
    [500, 0.7, 0.5],
  );
  assertEquals([attached.nameOf(index), attached.indexOf("größe 🌍")], ["größe 🌍", index]);
  assertEquals(attached.indexes(), [index]);
  const seen: string[] = [];
  owner.subscribe(({ level }) => void seen.push(`owner ${level}`));
  attached.subscribe(({ level, service }) => void seen.push(`attached ${level} ${service}`));
  attached.update(index, 8, 300);
  attached.drained(index, 7, 100);
  owner.step();
  assertEquals(seen, ["attached on größe 🌍", "owner deeper"]);
  assertEquals([owner.inflight(index), owner.isActive(index)], [8, true]);
  assertEquals([attached.throttle(index), attached.maxInflight(index)], [0.4, 10]);
  assertAlmostEquals(attached.pacedRate(index)!, 28, 1e-4);
  assertAlmostEquals(owner.pacedRate(index)!, 28, 1e-4);
  owner.override(index, 0.1);
  assertAlmostEquals(attached.pacedRate(index)!, 7, 1e-4);
});

Deno.test("a name that is given to an index anew is read anew by an attached one", () => {
  const owner = new SharedFlowControl({ capacity: 1 });
  const attached = new SharedFlowControl({ buffer: owner.buffer });
  const index = owner.intern("first");
  assertEquals(attached.nameOf(index), "first");
  owner.release(index);
  assertThrows(() => attached.nameOf(index), FlowControlError);
  assertEquals(owner.intern("second"), index);
  assertEquals(attached.nameOf(index), "second");
});

Deno.test("the most ledgers of the most services add up", () => {
  const flow = new SharedFlowControl({ capacity: 2048, globalLimit: 2 ** 31 - 1 });
  for (let i = 0; i < 2048; i++) flow.update(flow.intern(`${i}`), 1_000_000);
  assertEquals(flow.totalInflight, 2_048_000_000);
  for (let i = 0; i < 2048; i++) flow.update(i, 1);
  assertEquals(flow.totalInflight, 2048);
});

Deno.test("ledgers of all threads count against the global limit: after a step, or some updates", () => {
  const owner = new SharedFlowControl({ globalLimit: 100, clock: new FakeClock() });
  const [a, b] = [owner.intern("a"), owner.intern("b")];
  const threads = [0, 1].map(() => new SharedFlowControl({ buffer: owner.buffer }));
  threads[0]!.update(a, 1);
  threads[1]!.update(b, 90);
  assertEquals([owner.totalInflight, threads[0]!.totalInflight, threads[0]!.load(a)], [
    91,
    91,
    0.91,
  ]);
  for (let i = 0; i < 16; i++) threads[0]!.update(a, 1);
  assertEquals(threads[0]!.isActive(a), true);
  threads[1]!.update(b, 10);
  owner.step();
  assertEquals([owner.isActive(a), owner.isActive(b)], [false, false]);
  threads[1]!.update(b, 90);
  owner.release(b);
  threads[0]!.update(a, 1);
  owner.step();
  threads[0]!.update(a, 1);
  assertEquals([owner.totalInflight, owner.isActive(a)], [1, false]);
});

Deno.test("more threads than there are shares of the total still add up", () => {
  const owner = new SharedFlowControl();
  for (let i = 0; i < 100; i++) {
    new SharedFlowControl({ buffer: owner.buffer }).update(owner.intern(`${i}`), i);
  }
  assertEquals(owner.totalInflight, 4950);
});

Deno.test("an attached one may not intern, release or step", () => {
  const owner = new SharedFlowControl();
  const attached = new SharedFlowControl({ buffer: owner.buffer });
  const index = owner.intern("a");
  const uses: readonly (readonly [() => unknown, string])[] = [
    [() => attached.intern("b"), "Only the thread that made the buffer takes in services"],
    [() => attached.release(index), "Only the thread that made the buffer releases services"],
    [() => attached.step(), "Only the thread that made the buffer steps"],
  ];
  for (const [use, sentence] of uses) {
    const { code, message } = assertThrows(use, FlowControlError);
    assertEquals([code, message], ["BUFFER", sentence]);
  }
});

Deno.test("a buffer that is none of flow control is refused, and so are settings beside one", () => {
  const strange = [
    new SharedArrayBuffer(0),
    new SharedArrayBuffer(1 << 20),
    new ArrayBuffer(1 << 20) as unknown as SharedArrayBuffer,
  ];
  const { buffer } = new SharedFlowControl({ capacity: 2 });
  for (const [at, value] of [[1, 3], [1, 0.5], [1, 1e9], [0, 1]] as const) {
    const copy = new SharedArrayBuffer(buffer.byteLength);
    new Uint8Array(copy).set(new Uint8Array(buffer));
    new Float64Array(copy, 0, 5)[at] = value;
    strange.push(copy);
  }
  for (const each of strange) {
    const { code, message } = assertThrows(
      () => new SharedFlowControl({ buffer: each }),
      FlowControlError,
    );
    assertEquals([code, message], [
      "BUFFER",
      "The buffer is none of flow control: give the `buffer` of a SharedFlowControl",
    ]);
  }
  assertEquals(
    assertThrows(() => new SharedFlowControl({ buffer, globalLimit: 5 }), FlowControlError).message,
    "globalLimit stands in the buffer already: give either the buffer or globalLimit",
  );
});
