import { assertEquals, assertStringIncludes } from "@std/assert";
import { readDeclarations } from "./component_command.ts";
import { missingEntryPoints } from "./entry_points.ts";

Deno.test("the components' programs are there, and one that is missing is named with its path", async () => {
  const components = (await readDeclarations()).components.map((declaration) => ({ declaration }));
  assertEquals(await missingEntryPoints(components), []);
  const missing = await missingEntryPoints(components, (name) => `nowhere/${name}.ts`);
  assertEquals(missing.length, components.length);
  assertStringIncludes(missing[0]!, "nowhere/stellar-arrow-source.ts is missing");
});
