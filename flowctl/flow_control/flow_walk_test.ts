import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { FakeClock } from "../component/mod.ts";
import { FlowModel, shownBy } from "./_flow_model.ts";
import { FlowControl } from "./flow_control.ts";
import { SharedFlowControl } from "./shared_flow_control.ts";

const SERVICES = 3;
const MAX_BYTES = 1_000_000;
/** Low enough to be what decides now and then. */
const GLOBAL_LIMIT = 250;

type Move =
  | { readonly kind: "step"; readonly times: number }
  | {
    readonly kind: "update";
    readonly service: number;
    readonly figures: readonly [number, number, number, number];
  };

/** Loads, often at the thresholds or just beside them. */
const hundredths = fc.oneof(
  fc.constantFrom(0, 29, 30, 31, 59, 60, 61, 79, 80, 81, 100),
  fc.integer({ min: 0, max: 130 }),
);
const mostlyNone = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, {
  weight: 1,
  arbitrary: hundredths,
});
const steps = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 25 }))
  .map((times): Move => ({ kind: "step", times }));
const updates = fc.tuple(
  fc.integer({ min: 0, max: SERVICES - 1 }),
  fc.tuple(hundredths, mostlyNone, mostlyNone, mostlyNone),
).map(([service, figures]): Move => ({ kind: "update", service, figures }));
const moves = fc.array(fc.oneof(steps, updates), { minLength: 1, maxLength: 80 });

for (const Flow of [FlowControl, SharedFlowControl]) {
  Deno.test(`${Flow.name} does after any sequence of updates and steps what the model does`, () => {
    fc.assert(
      fc.property(moves, (walk) => {
        const model = new FlowModel(GLOBAL_LIMIT);
        const flow = new Flow({ clock: new FakeClock(), globalLimit: GLOBAL_LIMIT, capacity: 8 });
        const signals: string[] = [];
        flow.subscribe(({ level, service }) => void signals.push(`${level} ${service}`));
        for (let i = 0; i < SERVICES; i++) {
          model.add(100, MAX_BYTES);
          flow.intern(`${i}`, { maxInflight: 100, maxInflightBytes: MAX_BYTES });
          flow.drained(i, 1, 1000);
        }
        for (const move of walk) {
          if (move.kind === "step") {
            for (let i = 0; i < move.times; i++) {
              model.step();
              flow.step();
            }
          } else {
            const [inflight, bytes, fill, consumers] = move.figures;
            const figures = [
              inflight,
              bytes * MAX_BYTES / 100,
              fill / 100,
              consumers / 100,
            ] as const;
            model.update(move.service, ...figures);
            flow.update(move.service, ...figures);
          }
          for (let i = 0; i < SERVICES; i++) {
            assertEquals(shownBy(flow, i), model.shows(i));
            assertEquals(flow.load(i), model.load(i));
          }
        }
        assertEquals(signals, model.signals);
      }),
      { numRuns: 300 },
    );
  });
}

Deno.test("whatever is told, throttle and rate stay within their bounds and the total is the sum", () => {
  const figure = fc.double({ min: 0, max: 1e12, noNaN: true });
  const update = fc.tuple(
    fc.integer({ min: 0, max: SERVICES - 1 }),
    fc.integer({ min: 0, max: 3_000_000 }),
    figure,
    figure,
    figure,
    fc.integer({ min: 0, max: 100 }),
    figure,
  );
  fc.assert(fc.property(fc.array(update, { maxLength: 60 }), (updates) => {
    const flow = new FlowControl({ clock: new FakeClock(), capacity: SERVICES });
    for (let i = 0; i < SERVICES; i++) flow.intern(`${i}`);
    for (const [service, inflight, bytes, fill, consumers, ledgers, busyMs] of updates) {
      flow.update(service, inflight, bytes, fill, consumers);
      flow.drained(service, ledgers, busyMs);
      flow.step();
      let sum = 0;
      for (let i = 0; i < SERVICES; i++) {
        sum += flow.inflight(i);
        const [throttle, drain, rate] = [flow.throttle(i), flow.drainRate(i), flow.pacedRate(i)];
        assert(throttle >= 0.05 && throttle <= 1);
        if (rate === undefined) continue;
        assert(drain !== undefined && rate >= drain * 0.05 && rate <= drain * 1.6, `${rate}`);
      }
      assertEquals(flow.totalInflight, sum);
    }
  }));
});
