import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { FlowMemoryUse } from "./flow_control_memory.ts";

/** Most bytes that a signal may allocate. */
const SIGNAL = 48;

/** What the measurement itself takes, over a hundred thousand updates. */
const NOTHING = 0.1;

Deno.test("an update allocates nothing, and a signal no more than it may", async () => {
  const program = fromFileUrl(new URL("./flow_control_memory.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", "--v8-flags=--expose-gc", program],
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const told = new TextDecoder().decode(stdout);
  const { update, sharedUpdate, signal }: FlowMemoryUse = JSON.parse(told);
  assert(update < NOTHING && sharedUpdate < NOTHING, told);
  // What takes nothing at all has not been measured: a signal has a time.
  assert(signal > 1 && signal <= SIGNAL, told);
});
