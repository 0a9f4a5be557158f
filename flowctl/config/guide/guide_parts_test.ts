import { assertEquals, assertThrows } from "@std/assert";
import { resolveConfig } from "../load_config.ts";
import { declaredNames } from "../near_miss.ts";
import { productDeclarations, ROOT } from "./_declarations.ts";
import { GUIDE_PARTS, messagesOf, partLines, readGuideParts } from "./guide_parts.ts";
import { problemSamples } from "./problem_samples.ts";

/** `NAME=value` in a shell's lines, the values without quotes. */
const ASSIGNMENT = /\b([A-Z][A-Z0-9_]*)=("[^"]*"|'[^']*'|[^\s`]*)/g;

/** The shell blocks of a text, each with what it sets. */
function shellSettings(text: string): Map<string, string>[] {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)];
  return blocks.map(([, block]) =>
    new Map([...block!.matchAll(ASSIGNMENT)].map(([, name, value]) => [
      name!,
      value!.replace(/^(["'])(.*)\1$/, "$2"),
    ]))
  );
}

Deno.test("every message that the guide can show is shown, once", async () => {
  const texts = Object.values(await readGuideParts(ROOT));
  const shown = texts.flatMap(messagesOf);
  assertEquals(shown.toSorted(), Object.keys(problemSamples(productDeclarations())).sort());
});

Deno.test("a message stands in the guide as the product says it, and an unknown one is refused", () => {
  const lines = partLines("Text:\n\n{{message a}}\n[x](../x.md)\n", { a: "A: is wrong" });
  assertEquals(lines, ["", "Text:", "", "```text", "A: is wrong", "```", "[x](x.md)"]);
  assertThrows(() => partLines("{{message b}}", { a: "" }), Error, 'no message "b"');
});

for (const part of GUIDE_PARTS) {
  Deno.test(`what the shell blocks of "${part}" set is declared and allowed`, async () => {
    const declarations = productDeclarations();
    const known = declaredNames(declarations);
    const text = (await readGuideParts(ROOT))[part]!;
    for (const settings of shellSettings(text)) {
      assertEquals([...settings.keys()].filter((name) => !known.has(name)), []);
      for (const declaration of declarations) {
        const env = { get: (name: string) => settings.get(name) };
        const { problems } = resolveConfig({
          declaration,
          env,
          profile: "local",
          inPipeline: true,
        });
        assertEquals(problems, []);
      }
    }
  });
}
