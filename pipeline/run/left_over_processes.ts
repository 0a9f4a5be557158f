import { type Clock } from "../../flowctl/mod.ts";
import { type ProcessFacts, processFacts } from "../process/mod.ts";
import type { ProcessRecord } from "../state/mod.ts";

/** Time between two looks. */
const LOOK_EVERY_MS = 50;

/** What deals with processes; tests replace it. */
export interface ProcessTable {
  /** `undefined` when there is no such process. */
  facts(pid: number): Promise<ProcessFacts | undefined>;
  signal(pid: number, signal: Deno.Signal): void;
}

const systemProcesses: ProcessTable = {
  facts: processFacts,
  signal(pid, signal) {
    try {
      Deno.kill(pid, signal);
    } catch (error) {
      // It has ended in between, which is what was wanted.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  },
};

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
    while (await isThere(record, table)) {
      if (clock.monotonic() >= deadline) {
        table.signal(record.pid, "SIGKILL");
        killed.push(
          `${record.component}, process ${record.pid} of an earlier run, had not stopped and was killed; ` +
            "what it had committed is whole",
        );
        break;
      }
      await clock.sleep(LOOK_EVERY_MS);
    }
  }
  return killed;
}

async function isThere(record: ProcessRecord, table: ProcessTable): Promise<boolean> {
  const facts = await table.facts(record.pid);
  return facts?.startedAt === record.startedAt && facts.command.includes(record.component);
}
