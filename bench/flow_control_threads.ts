/**
 * Updates of a shared flow control on one thread and on two at once, each with services of its own:
 *
 *     deno run -A bench/flow_control_threads.ts
 *
 * Prints millions of updates a second, and how two threads compare with one; rounds of both take turns, so
 * that a machine which is busy with other work is so for both. Where it is too busy to give two threads two
 * processors, `scaling` still tells how much they hinder each other: from the processor time they took.
 */
import process from "node:process";
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

/** Milliseconds of the processors that something takes. */
async function processorMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
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
  const one: number[] = [], two: number[] = [], scaling: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    let alone = 0, both: number[] = [];
    const aloneCpu = await processorMs(async () => {
      alone = await run(first, tasks[0]!);
    });
    const bothCpu = await processorMs(async () => {
      both = await Promise.all([run(first, tasks[0]!), run(second, tasks[1]!)]);
    });
    // The first is for the compiler.
    if (round === 0) continue;
    one.push(UPDATES / alone / 1000);
    two.push(2 * UPDATES / Math.max(...both) / 1000);
    scaling.push(2 * 2 * aloneCpu / bothCpu);
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
    scaling: round1(median(scaling)),
  };
  console.log(JSON.stringify(figures));
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

await compare();
