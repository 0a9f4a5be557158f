import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readColumn, readDeltaLog } from "./delta_table.ts";
import { eventually } from "./patience.ts";

/** The simulated network at its tip: a pipeline that would run for ever, in folders of a test. */
export function simulatedTip(folder: string): Record<string, string> {
  return {
    SOURCE_TYPE: "simulated",
    STORAGE_PATH: join(folder, "ledgers"),
    SIMULATED_LEDGER_INTERVAL: "1s",
    FLUSH_INTERVAL: "1s",
    OUTPUT_PATH: join(folder, "out"),
  };
}

/** Waits until so many more ledgers are committed; answers the last one. */
export async function moreLedgers(folder: string, ledgers = 1): Promise<number> {
  const cursor = async () => (await readDeltaLog(join(folder, "out/ttp_event"))).cursor ?? 0;
  const wanted = await cursor() + ledgers;
  await eventually("nothing more is committed", async () => await cursor() >= wanted);
  return await cursor();
}

/** Holds the tables of a run that was stopped: every ledger once, up to the last, no event twice. */
export async function assertWhole(folder: string): Promise<void> {
  const ledgers = (await readColumn(join(folder, "out/ledger"), "sequence")).map(Number);
  ledgers.sort((a, b) => a - b);
  const first = ledgers[0]!;
  assertEquals(ledgers, Array.from({ length: ledgers.length }, (_, at) => first + at));
  assertEquals((await readDeltaLog(join(folder, "out/ttp_event"))).cursor, ledgers.at(-1));
  const ids = await readColumn(join(folder, "out/ttp_event"), "event_id");
  assertEquals(ids.length > 0, true);
  assertEquals(new Set(ids).size, ids.length);
}
