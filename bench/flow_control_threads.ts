/**
 * Updates of a shared flow control on one thread and on two at once, each with services of its own:
 *
 *     deno run -A bench/flow_control_threads.ts
 *
 * Prints millions of updates a second and how two threads compare with one; rounds of both take turns, so
 * that a machine which is busy with other work is so for both.
 */
import { SharedFlowControl } from "../flowctl/mod.ts";
import type { UpdatingTask } from "./flow_control_updates.ts";

const UPDATES = 5_000_000;
const ROUNDS = 7;
const SERVICES = 10;

function run(worker: Worker, task: UpdatingTask): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(task);
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

async function compare(): Promise<void> {
  const flow = new SharedFlowControl({ globalLimit: 1_000_000 });
  const open = () =>
    new Worker(new URL("./flow_control_updates.ts", import.meta.url), { type: "module" });
  const tasks = [0, 1].map((thread): UpdatingTask => ({
    buffer: flow.buffer,
    services: Array.from({ length: SERVICES }, (_, i) => flow.intern(`${thread}-${i}`)),
    updates: UPDATES,
  }));
  const [first, second] = [open(), open()];
  const one: number[] = [], two: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const alone = await run(first, tasks[0]!);
    const both = await Promise.all([run(first, tasks[0]!), run(second, tasks[1]!)]);
    // The first is for the compiler.
    if (round === 0) continue;
    one.push(UPDATES / alone / 1000);
    two.push(2 * UPDATES / Math.max(...both) / 1000);
  }
  first.terminate();
  second.terminate();
  const figures = {
    updates: UPDATES,
    rounds: ROUNDS,
    oneThread_M_per_s: round1(median(one)),
    twoThreads_M_per_s: round1(median(two)),
    best_M_per_s: [round1(Math.max(...one)), round1(Math.max(...two))],
    ratio: round1(median(two.map((each, i) => each / one[i]!))),
  };
  console.log(JSON.stringify(figures));
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

await compare();
