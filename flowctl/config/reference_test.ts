import { assertEquals, assertStringIncludes } from "@std/assert";
import { testDeclaration } from "./_test_declaration.ts";
import { configurationReference, repositoryReference } from "./reference.ts";

const ROOT = new URL("../../", import.meta.url);

/** Markdown without the layout that the formatter gives it. */
function words(markdown: string): string {
  return markdown.replaceAll(/-{3,}/g, "---").replaceAll(/\s+/g, " ").trim();
}

Deno.test("docs/configuration.md says what the declarations, the profiles, the code and the written parts say", async () => {
  const file = await Deno.readTextFile(new URL("docs/configuration.md", ROOT));
  assertEquals(words(file), words(await repositoryReference(ROOT)));
});

Deno.test("the guide has a row for every variable, with its flag, type, rule and default", () => {
  const declaration = testDeclaration();
  const guide = configurationReference([declaration], []);
  for (const name of declaration.variables.keys()) assertStringIncludes(guide, `| \`${name}\`<br>`);
  assertStringIncludes(
    guide,
    "| `SIZE`<br>`--size` | d | integer | a whole number from 1 to 100 | `10` |",
  );
});
