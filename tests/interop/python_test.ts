import { assert, assertEquals, assertRejects } from "@std/assert";
import { findPython } from "./python.ts";

const any = await findPython([]);

Deno.test({
  name: "a module that is not installed is absent; one that cannot be loaded is an error",
  ignore: "missing" in any,
  fn: async () => {
    assert("missing" in await findPython(["no_such_module_anywhere"]));
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/broken_module.py`, "raise RuntimeError('it is broken')\n");
    const before = Deno.env.get("PYTHONPATH");
    Deno.env.set("PYTHONPATH", folder);
    try {
      await assertRejects(() => findPython(["broken_module"]), Error, "it is broken");
      assertEquals("program" in await findPython(["json"]), true);
    } finally {
      if (before === undefined) Deno.env.delete("PYTHONPATH");
      else Deno.env.set("PYTHONPATH", before);
      await Deno.remove(folder, { recursive: true });
    }
  },
});
