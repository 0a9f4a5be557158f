/** A worker of bench/flow_control_threads.ts: updates as told, and answers how many milliseconds it took. */
import { SharedFlowControl } from "../flowctl/mod.ts";

/** What a thread is told to do. */
export interface UpdatingTask {
  readonly buffer: SharedArrayBuffer;
  readonly services: readonly number[];
  readonly updates: number;
}

function update({ buffer, services, updates }: UpdatingTask): number {
  const flow = new SharedFlowControl({ buffer });
  const began = performance.now();
  for (let round = 0, at = 0; round < updates; round++) {
    flow.update(services[at]!, round & 63, round & 1023, 0.25);
    if (++at === services.length) at = 0;
  }
  return performance.now() - began;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<UpdatingTask>) => void;
  postMessage(ms: number): void;
};

scope.onmessage = ({ data }) => scope.postMessage(update(data));
