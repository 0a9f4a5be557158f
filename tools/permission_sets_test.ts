import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { permissionSets } from "./permission_sets.ts";
import { ROOT } from "./repository.ts";

Deno.test("the permission sets of deno.json follow from the declarations (deno task permissions:sets)", async () => {
  const config = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  assertEquals(config.permissions, await permissionSets());
});

Deno.test("no component may run programs, load native code or read everything", async () => {
  const { source, processor, sink } = await permissionSets();
  for (const set of [source, processor, sink]) {
    assertEquals(set?.run, undefined);
    for (const kind of [set?.net, set?.read, set?.write, set?.env]) {
      assertEquals(kind === true, false);
    }
  }
});
