import { FakeClock, type Logger } from "../component/mod.ts";
import { ComponentFlow, type ComponentFlowOptions, type InHand } from "./component_flow.ts";
import type { FlowReader } from "./component_flow.ts";

/** A component's flow over a fake clock; what is in hand and who reads is set by the test. */
export function testFlow(
  { policy = "slowest", id = "sink-1" }: { policy?: string; id?: string } = {},
) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const log: Logger = {
    debug: () => {},
    info: (message, fields) => void lines.push(`${message} ${JSON.stringify(fields)}`),
    warn: () => {},
    error: (message, fields) => {
      throw new Error(`${message} ${JSON.stringify(fields)}`);
    },
    child: () => log,
    atLedger() {},
    addSecret() {},
    enabled: () => true,
  };
  const values: Record<string, number | string> = {
    MAX_INFLIGHT: 100,
    MAX_INFLIGHT_BYTES: 1_000,
    FLOW_CONTROL_BACKPRESSURE_THRESHOLD: 0.8,
    FLOW_CONTROL_RECOVERY_THRESHOLD: 0.6,
    FLOW_CONTROL_POLICY: policy,
    FLOWCTL_COMPONENT_ID: id,
  };
  const number = (name: string) => values[name] as number;
  const state = {
    inHand: { ledgers: 0, bytes: 0, waiting: 0, fill: 0 } as InHand,
    readers: [] as FlowReader[],
  };
  const options: ComponentFlowOptions = {
    config: {
      component: "arrow-analytics-sink",
      integer: number,
      bytes: number,
      number,
      string: (name) => String(values[name]),
      optionalString: (name) => values[name] as string,
    },
    clock,
    log,
    inHand: () => state.inHand,
    readers: () => state.readers,
  };
  const flow = new ComponentFlow(options);
  return { flow, clock, lines, state };
}
