/**
 * What updates and signals allocate, measured over many with the garbage collected before each portion, small
 * enough that nothing is collected within it:
 *
 *     deno run -A --v8-flags=--expose-gc bench/flow_control_memory.ts
 */
import { type AnyFlowControl, FlowControl, SharedFlowControl } from "../flowctl/mod.ts";

/** Bytes allocated by one of each. */
export interface FlowMemoryUse {
  readonly update: number;
  readonly sharedUpdate: number;
  readonly signal: number;
  readonly step: number;
}

const UPDATES = { portions: 20, each: 500_000 };
const SIGNALS = { portions: 50, each: 20_000 };
const STEPS = { portions: 20, each: 100 };
const SERVICES = 10;

function measure(): FlowMemoryUse {
  return {
    update: bytesPer(UPDATES, updating(new FlowControl())),
    sharedUpdate: bytesPer(UPDATES, updating(new SharedFlowControl())),
    signal: bytesPer(SIGNALS, signalling()),
    step: bytesPer(STEPS, stepping()),
  };
}

function updating(flow: AnyFlowControl): (times: number) => void {
  for (let i = 0; i < SERVICES; i++) flow.intern(`${i}`);
  return (times) => {
    for (let i = 0, at = 0; i < times; i++) {
      // Whole figures: a fraction would be boxed by who passes it.
      flow.update(at, i & 511, i & 1023, 0, i & 1);
      if (++at === SERVICES) at = 0;
    }
  };
}

function signalling(): (times: number) => void {
  const flow = new FlowControl();
  const service = flow.intern("sink");
  flow.drained(service, 10, 100);
  let sum = 0;
  flow.subscribe(({ load, suggestedRate }) => void (sum += load + (suggestedRate ?? 0)));
  return (times) => {
    for (let i = 0; i < times; i++) flow.update(service, i % 2 === 0 ? 900 : 100);
  };
}

function stepping(): (times: number) => void {
  const flow = new FlowControl();
  for (let i = 0; i < 1000; i++) flow.update(flow.intern(`${i}`), 5);
  return (times) => {
    for (let i = 0; i < times; i++) flow.step();
  };
}

function bytesPer(
  { portions, each }: { readonly portions: number; readonly each: number },
  run: (times: number) => void,
): number {
  // For the compiler, whose code takes memory as well.
  for (let i = 0; i < 3; i++) run(each);
  let bytes = 0;
  for (let i = 0; i < portions; i++) {
    const before = usedBytes();
    run(each);
    bytes += Deno.memoryUsage().heapUsed - before;
  }
  return Math.round(bytes / portions / each * 100) / 100;
}

function usedBytes(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("run with --v8-flags=--expose-gc");
  gc();
  return Deno.memoryUsage().heapUsed;
}

if (import.meta.main) console.log(JSON.stringify(measure()));
