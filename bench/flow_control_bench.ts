/**
 * Flow control, under the ceilings of bench/ceilings.json: an update must stay below 100 ns whatever the
 * number of services, a signal delivered to a listener below 200 ns. Several threads are measured by
 * bench/flow_control_threads.ts, memory by bench/flow_control_memory.ts.
 */
import {
  type AnyFlowControl,
  decodeFlowSignal,
  encodeFlowSignal,
  FlowControl,
  SharedFlowControl,
} from "../flowctl/mod.ts";

/** Loads up to a half: backpressure stays off, as it does for most updates there are. */
const LEDGERS = 511;

function withServices<F extends AnyFlowControl>(flow: F, count: number): F {
  for (let i = 0; i < count; i++) flow.drained(flow.intern(`service-${i}`), 10, 100);
  return flow;
}

for (const count of [1, 10, 100, 1000]) {
  const options = { globalLimit: 1_000_000 };
  for (
    const [kind, flow] of [
      ["flow control", withServices(new FlowControl(options), count)],
      ["shared flow control", withServices(new SharedFlowControl(options), count)],
    ] as const
  ) {
    let at = 0, round = 0;
    Deno.bench({ name: `${kind}: update, ${count} services`, group: kind }, () => {
      round++;
      flow.update(at, round & LEDGERS, round & 1023, 0.25);
      if (++at === count) at = 0;
    });
  }
}

const signalling = withServices(new FlowControl(), 1);
let signals = 0;
signalling.subscribe((signal) => void (signals += signal.load));
let loaded = false;

Deno.bench({ name: "flow control: signal delivered to a listener", group: "signals" }, () => {
  loaded = !loaded;
  signalling.update(0, loaded ? 900 : 100);
});

const stepping = withServices(new FlowControl({ globalLimit: 1_000_000 }), 1000);
for (let i = 0; i < 1000; i++) stepping.update(i, i);

Deno.bench({ name: "flow control: step, 1000 services", group: "steps" }, () => {
  stepping.step();
});

const message = {
  consumer: "arrow-analytics-sink",
  load: 0.85,
  backpressure: true,
  throttle: 0.5,
  ledgersPerSecond: 42.5,
  bytesPerSecond: 5e6,
  reason: "queue_full",
  validMs: 5000,
} as const;

Deno.bench({ name: "flow control: message written and read", group: "messages" }, () => {
  decodeFlowSignal(encodeFlowSignal(message));
});
