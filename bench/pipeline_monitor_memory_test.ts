import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { PipelineMonitorMemory } from "./pipeline_monitor_memory.ts";

/** Most bytes of an hour's history of ten services, and of any. */
const SMALL_HISTORY = 1_000_000;
const ANY_HISTORY = 11 * 1024 * 1024;

/** Most bytes that a report on a large pipeline, one of a hundred services, allocates. */
const REPORT = 500_000;

Deno.test("history and health report take no more memory than they may", async () => {
  const program = fromFileUrl(new URL("./pipeline_monitor_memory.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", "--v8-flags=--expose-gc", program],
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const measured: PipelineMonitorMemory[] = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(measured.map(({ services }) => services), [10, 100, 1_000]);
  for (const { services, history, report } of measured) {
    const told = JSON.stringify({ services, history, report });
    // What takes nothing has not been measured.
    assert(history > 100_000 && report > 1_000, told);
    assert(history <= (services === 10 ? SMALL_HISTORY : ANY_HISTORY), told);
    if (services <= 100) assert(report <= REPORT, told);
  }
});
