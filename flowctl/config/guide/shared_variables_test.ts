import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { productDeclarations } from "./_declarations.ts";
import { componentSection } from "./component_section.ts";
import { sharedSection, sharedVariables } from "./shared_variables.ts";

Deno.test("a variable is told once when all components declare it alike, and by each component otherwise", () => {
  const declarations = productDeclarations();
  const shared = sharedVariables(declarations);
  const sharedText = sharedSection(declarations, {}).join("\n");
  const sections = declarations.map((each) => componentSection(each, shared, {}).join("\n"));
  assertStringIncludes(sharedText, "| `LOG_LEVEL`<br>");
  const own = sections.filter((text) => text.includes("| `LOG_LEVEL`<br>"));
  assertEquals(own.length, 1, "only the control plane, through which no data goes, tells it too");
  // Their defaults differ.
  assert(!shared.has("PORT"));
  for (const section of sections.slice(0, 3)) assertStringIncludes(section, "| `PORT`<br>");
});

Deno.test("every variable of every program stands in the guide, declared overrides included", () => {
  const declarations = productDeclarations();
  const shared = sharedVariables(declarations);
  const sharedText = sharedSection(declarations, {}).join("\n");
  for (const declaration of declarations) {
    const text = sharedText + componentSection(declaration, shared, {}).join("\n");
    for (const name of declaration.variables.keys()) assertStringIncludes(text, `\`${name}\``);
  }
});
