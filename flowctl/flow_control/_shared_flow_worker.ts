/**
 * A worker of the tests of SharedFlowControl: attaches, does what it is told, and posts how often
 * it signalled `on` and `off`.
 *
 * @module
 */
import { SharedFlowControl } from "./shared_flow_control.ts";

/** What a worker is to do. */
export interface SharedFlowTask {
  readonly buffer: SharedArrayBuffer;
  /** Workers that have come to each meeting point, for those of one task to go on together. */
  readonly meetings: SharedArrayBuffer;
  readonly workers: number;
  readonly worker: number;
  readonly kind: "together" | "walk";
  readonly services: readonly number[];
  readonly rounds: number;
}

/** What a worker has done. */
export interface SharedFlowOutcome {
  readonly on: number;
  readonly off: number;
  /** Name of the first service, as this thread sees it. */
  readonly name: string;
}

/** Comes back when all workers have come. */
function meet({ meetings, workers }: SharedFlowTask, point: number): void {
  const come = new Int32Array(meetings);
  if (Atomics.add(come, point, 1) + 1 === workers) {
    Atomics.notify(come, point);
    return;
  }
  for (let seen = Atomics.load(come, point); seen < workers; seen = Atomics.load(come, point)) {
    Atomics.wait(come, point, seen, 1);
  }
}

/** All update the same service to the same load at the same time, over and over. */
function together(task: SharedFlowTask, flow: SharedFlowControl): void {
  for (let round = 0; round < task.rounds; round++) {
    meet(task, 2 * round);
    for (const service of task.services) flow.update(service, 90);
    meet(task, 2 * round + 1);
    for (const service of task.services) flow.update(service, 10);
  }
}

/** Each updates its services at random, and all of them those of the others now and then. */
function walk(task: SharedFlowTask, flow: SharedFlowControl): void {
  meet(task, 0);
  let random = 7 + task.worker;
  for (let round = 0; round < task.rounds; round++) {
    random = (Math.imul(random, 1103515245) + 12345) >>> 0;
    const service = task.services[(random >>> 8) % task.services.length]!;
    flow.update(service, (random >>> 16) % 120, 0, (random >>> 12) % 100 / 100);
    if (round % 64 === 0) flow.drained(service, 1, 1);
  }
}

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<SharedFlowTask>) => void) | null;
  postMessage(outcome: SharedFlowOutcome): void;
};

scope.onmessage = ({ data: task }) => {
  const flow = new SharedFlowControl({ buffer: task.buffer });
  let on = 0, off = 0;
  flow.subscribe(({ level }) => {
    if (level === "on") on++;
    if (level === "off") off++;
  });
  ({ together, walk })[task.kind](task, flow);
  scope.postMessage({ on, off, name: flow.nameOf(task.services[0]!) });
};
