import { join } from "@std/path";
import { parseBatchName, parsePartitionName } from "../lake/mod.ts";
import { GENESIS_LEDGER } from "./genesis.ts";

/** The last ledger of which the lake has a file, whole or torn; 1 when there is none. */
export async function lastLedgerFile(dir: string): Promise<number> {
  let last = GENESIS_LEDGER;
  const partitions: { name: string; start: number }[] = [];
  for await (const entry of Deno.readDir(dir)) {
    const range = entry.isDirectory ? parsePartitionName(entry.name) : undefined;
    if (range) partitions.push({ name: entry.name, start: range.startSequence });
  }
  partitions.sort((one, other) => other.start - one.start);
  for (const { name } of partitions) {
    for await (const entry of Deno.readDir(join(dir, name))) {
      last = Math.max(last, parseBatchName(entry.name)?.endSequence ?? 0);
    }
    if (last > GENESIS_LEDGER) break;
  }
  return last;
}
