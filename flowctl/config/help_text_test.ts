import { assertEquals, assertStringIncludes } from "@std/assert";
import { COMPONENT_NAMES, productDeclaration } from "./_test_declaration.ts";
import { helpText } from "./help_text.ts";
import { flagOf } from "./variable_declaration.ts";

Deno.test("the help of each component names every variable with its flag", () => {
  for (const component of COMPONENT_NAMES) {
    const declaration = productDeclaration(component);
    const help = helpText(declaration);
    assertStringIncludes(help, `${component} ${declaration.version}`);
    for (const [name, variable] of declaration.variables) {
      const own = variable.overrides === undefined
        ? `${flagOf(name)}  ${name}`
        : `${name} (no flag)`;
      assertStringIncludes(help, own);
    }
    assertStringIncludes(help, "Examples:");
    assertStringIncludes(help, "4 stopped by the data");
    assertEquals(help.includes("undefined"), false);
  }
});
