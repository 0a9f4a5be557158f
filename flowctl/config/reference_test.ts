import { assertEquals, assertStringIncludes } from "@std/assert";
import { testDeclaration } from "./_test_declaration.ts";
import { parseDeclaration } from "./component_declaration.ts";
import { DECLARATION_FILES } from "./product_components.ts";
import { builtInProfiles, loadProfile } from "./profile.ts";
import { configurationReference } from "./reference.ts";

/** Markdown without the layout that the formatter gives it. */
function words(markdown: string): string {
  return markdown.replaceAll(/-{3,}/g, "---").replaceAll(/\s+/g, " ").trim();
}

Deno.test("docs/configuration.md says what the declarations say", async () => {
  const root = new URL("../../", import.meta.url);
  const declarations = DECLARATION_FILES.map((file) =>
    parseDeclaration(Deno.readTextFileSync(new URL(file, root)), file)
  );
  const profiles = builtInProfiles().map((name) => loadProfile(name));
  const file = await Deno.readTextFile(new URL("../../docs/configuration.md", import.meta.url));
  assertEquals(words(file), words(configurationReference(declarations, profiles)));
});

Deno.test("the guide has a row for every variable, with its flag, rule and default", () => {
  const declaration = testDeclaration();
  const guide = configurationReference([declaration], []);
  for (const name of declaration.variables.keys()) assertStringIncludes(guide, `| \`${name}\`<br>`);
  assertStringIncludes(guide, "| `SIZE`<br>`--size` | d | a whole number from 1 to 100 | `10` |");
});
