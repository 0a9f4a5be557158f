import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { ConfigMemory } from "./config_memory.ts";

/** Most bytes of a component for its configuration, for validation, and for defaults. */
const CONFIGURATION = 50 * 1024;
const VALIDATION = 100 * 1024;
const DEFAULTS = 25 * 1024;

Deno.test("a component's configuration, validation and defaults take no more memory than they may", async () => {
  const program = fromFileUrl(new URL("./config_memory.ts", import.meta.url));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", "--v8-flags=--expose-gc", program],
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const measured: ConfigMemory[] = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(measured.length, 3);
  for (const { component, declaration, defaults, configuration } of measured) {
    const told = `${component}: ${JSON.stringify({ declaration, defaults, configuration })}`;
    // What takes nothing has not been measured.
    for (const bytes of [declaration, defaults, configuration]) assert(bytes > 500, told);
    assert(configuration <= CONFIGURATION, told);
    assert(declaration <= VALIDATION, told);
    assert(defaults <= DEFAULTS, told);
  }
});
