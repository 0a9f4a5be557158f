import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { MonitoringMemory } from "./monitoring_memory.ts";

/** Most bytes that stay for the metrics of ten services. */
const RESIDENT = 2 * 1024 * 1024;

Deno.test("the metrics of ten services take no more memory than they may", async () => {
  const program = fromFileUrl(new URL("./monitoring_memory.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", "--v8-flags=--expose-gc", program],
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const { resident }: MonitoringMemory = JSON.parse(new TextDecoder().decode(stdout));
  // What takes nothing has not been measured.
  assert(resident > 10_000 && resident <= RESIDENT, `${resident} bytes`);
});
