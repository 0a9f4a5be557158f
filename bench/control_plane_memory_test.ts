import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { CONTROL_PLANE } from "../flowctl/mod.ts";
import { ALLOCATOR, ENGINE_FLAGS } from "../pipeline/plan/mod.ts";
import type { ControlPlaneMemory } from "./control_plane_memory.ts";

/**
 * What 1,000 services may take over the base: twice the 50 MB that are promised, because on a busy
 * machine garbage and buffers wait longer until they are given back (50 to 75 MB beside the gate's
 * other suites). What is in use, below, does not depend on that.
 */
const RESIDENT = 100 * 1000 * 1000;

/** What of it may be in use; twice what it is. */
const IN_USE = 16 * 1000 * 1000;

Deno.test("a thousand services at a heartbeat each 5 s take no more of a control plane than they may", async () => {
  const program = fromFileUrl(new URL("./control_plane_memory.ts", import.meta.url));
  const flags = ["--expose-gc", ...ENGINE_FLAGS[CONTROL_PLANE.name]!].join();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", `--v8-flags=${flags}`, program, "--rounds", "2"],
    env: ALLOCATOR,
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const told = new TextDecoder().decode(stdout);
  const { services, heap, buffers, resident }: ControlPlaneMemory = JSON.parse(told);
  assertEquals(services, 1_000);
  // What takes nothing has not been measured.
  assert(heap > 1_000_000, told);
  assert(heap + buffers <= IN_USE, told);
  assert(resident <= RESIDENT, told);
});
