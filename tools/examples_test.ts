import { assertEquals } from "@std/assert";
import { filesWithExamples, hasExample } from "./examples.ts";

Deno.test("an example is a fence of a language that runs, in a comment or in a guide", () => {
  assertEquals(hasExample(" * ```ts\n * f();\n * ```"), true);
  assertEquals(hasExample("```js\nf();\n```"), true);
  assertEquals(hasExample("```sh\nls\n```"), false);
  assertEquals(hasExample("```ts ignore\nf();\n```"), false);
  assertEquals(hasExample(" * ```\n * a | b\n * ```"), false);
});

Deno.test("the examples of the doors are found", async () => {
  const files = await filesWithExamples();
  assertEquals(files.includes("components/ttp-arrow-processor/mod.ts"), true);
  assertEquals(files.includes("stellar/strkey.ts"), true);
});
