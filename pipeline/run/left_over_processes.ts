import { type Clock } from "../../flowctl/mod.ts";
import { type ProcessFacts, processFacts, sendSignal } from "../process/mod.ts";
import type { ProcessRecord } from "../state/mod.ts";

/** Time between two looks. */
const LOOK_EVERY_MS = 50;

/** Longest wait for a killed process to be gone, ports and all; the system may take its time over a disk. */
const GONE_MS = 5_000;

/** What deals with processes; tests replace it. */
export interface ProcessTable {
  /** `undefined` when there is no such process. */
  facts(pid: number): Promise<ProcessFacts | undefined>;
  signal(pid: number, signal: Deno.Signal): void;
}

const systemProcesses: ProcessTable = { facts: processFacts, signal: sendSignal };

/**
 * Waits for the components that a manager left behind when it was killed: they see that it is gone
 * and stop by themselves. One that is still there after the grace period is killed. A process that
 * only has the id of one of them is left alone.
 *
 * @returns a sentence for each that had to be killed
 */
export async function endLeftOvers(
  records: readonly ProcessRecord[],
  graceMs: number,
  clock: Clock,
  table: ProcessTable = systemProcesses,
): Promise<string[]> {
  const deadline = clock.monotonic() + graceMs;
  const killed: string[] = [];
  for (const record of records) {
    if (await isGone(record, deadline, clock, table)) continue;
    table.signal(record.pid, "SIGKILL");
    killed.push(
      `${record.component}, process ${record.pid} of an earlier run, had not stopped and was killed; ` +
        "what it had committed is whole",
    );
    await isGone(record, clock.monotonic() + GONE_MS, clock, table);
  }
  return killed;
}

/** Waits for a process to be gone; whether it is by the deadline. */
async function isGone(
  record: ProcessRecord,
  deadline: number,
  clock: Clock,
  table: ProcessTable,
): Promise<boolean> {
  while (await isThere(record, table)) {
    if (clock.monotonic() >= deadline) return false;
    await clock.sleep(LOOK_EVERY_MS);
  }
  return true;
}

async function isThere(record: ProcessRecord, table: ProcessTable): Promise<boolean> {
  const facts = await table.facts(record.pid);
  if (facts?.startedAt !== record.startedAt) return false;
  // A process that is ending has no command line any more.
  return facts.command === "" || facts.command.includes(record.component);
}
