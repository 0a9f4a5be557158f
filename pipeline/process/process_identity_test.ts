import { assertEquals } from "@std/assert";
import { readStat } from "./process_identity.ts";

/** /proc/PID/stat of a process whose name is meant to mislead. */
function stat(state: string, threads: number): string {
  return `12 (a ) Z 1 name) ${state} 7 12 12 0 -1 4194560 1 0 0 0 3 1 0 0 20 0 ${threads} 0 423226 1 1`;
}

Deno.test("a process that runs has a parent and a start, whatever its name", () => {
  assertEquals(readStat(stat("S", 9)), { parent: 7, startedAt: "423226" });
  assertEquals(readStat(""), undefined);
});

Deno.test("a zombie has ended, but not while other threads of it still end", () => {
  assertEquals(readStat(stat("Z", 1)), undefined);
  // As after SIGKILL: its ports are taken until the last of them is gone.
  assertEquals(readStat(stat("Z", 2)), { parent: 7, startedAt: "423226" });
});
