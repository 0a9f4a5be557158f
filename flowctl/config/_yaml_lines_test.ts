import { assertEquals } from "@std/assert";
import { parse, stringify } from "@std/yaml";
import fc from "fast-check";
import { YamlLines, type YamlPath } from "./_yaml_lines.ts";

const TEXT = `# a comment
%YAML 1.2
---
name: x # with a comment: no key
description: |
  name: not a key

  - nor an item
'quoted ''key''': 1
"double \\"key\\"":
  - first
  -   inner: 1
      second: 2
  -
    - deep
folded: >-
  a: b
plain: goes on
  in the: next line
flow: { a: 1, b: [x, "y, z", { c: 2,
  d: "it's: {", 'e': localhost:1 }],
  f: *anchor, g }
list:
- same column
- { name: A,
    type: integr }
anchored: &anchor !!map
  key: value
empty:
last: end
`;

/** Path and the line that it stands on. */
const PLACES: readonly [YamlPath, number][] = [
  [[], 4],
  [["name"], 4],
  [["description"], 5],
  [["quoted 'key'"], 9],
  [['double "key"'], 10],
  [['double "key"', 0], 11],
  [['double "key"', 1, "inner"], 12],
  [['double "key"', 1, "second"], 13],
  [['double "key"', 2, 0], 15],
  [["folded"], 16],
  [["plain"], 18],
  [["flow", "a"], 20],
  [["flow", "b", 1], 20],
  [["flow", "b", 2, "c"], 20],
  [["flow", "b", 2, "d"], 21],
  [["flow", "b", 2, "e"], 21],
  [["flow", "f"], 22],
  [["flow", "g"], 22],
  [["list", 0], 24],
  [["list", 1, "name"], 25],
  [["list", 1, "type"], 26],
  [["anchored", "key"], 28],
  [["empty"], 29],
  [["last"], 30],
];

for (const [path, line] of PLACES) {
  Deno.test(`the line of ${JSON.stringify(path)} is found`, () => {
    assertEquals(new YamlLines(TEXT).lineOf(path), line);
    assertEquals(new YamlLines(TEXT.replaceAll("\n", "\r\n")).lineOf(path), line);
  });
}

Deno.test("what is not there, and what is not followed, has the line of what holds it", () => {
  const lines = new YamlLines(TEXT);
  assertEquals(lines.lineOf(["list", 1, "description"]), 25);
  assertEquals(lines.lineOf(["flow", "f", "key"]), 22);
  assertEquals(lines.lineOf(["no such key"]), 4);
  assertEquals(new YamlLines("? [a, b]\n: 1").lineOf(["a,b"]), 1);
  assertEquals(new YamlLines("").lineOf(["a"]), 1);
});

Deno.test("text within scalars is no key", () => {
  const lines = new YamlLines(TEXT);
  for (const path of [["description", "name"], ["folded", "a"], ["plain", "in the"]]) {
    assertEquals(lines.lineOf(path), lines.lineOf(path.slice(0, 1)));
  }
});

Deno.test("nesting of any depth ends", () => {
  assertEquals(new YamlLines("[".repeat(100_000)).lineOf([0, 0]), 1);
  const deep = Array.from({ length: 200 }, (_, at) => `${" ".repeat(at)}k:`).join("\n");
  assertEquals(new YamlLines(deep).lineOf(["k", "k", "k"]), 3);
});

/** All paths of a document. */
function* pathsOf(value: unknown, path: YamlPath = []): Generator<YamlPath> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key];
    yield at;
    yield* pathsOf(inner, at);
  }
}

Deno.test("every key of any document is found on the line where it is written", () => {
  const { document } = fc.letrec((tie) => ({
    document: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9_ ]{0,6}[a-z]$/), tie("value"), {
      maxKeys: 5,
    }),
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ maxLength: 20 }),
      fc.integer(),
      fc.boolean(),
      fc.array(tie("value"), { maxLength: 4 }),
      tie("document"),
    ),
  }));
  fc.assert(
    fc.property(document, fc.nat(4), (value, flowLevel) => {
      const text = stringify(value, flowLevel === 0 ? {} : { flowLevel });
      assertEquals(parse(text) ?? {}, value);
      const lines = new YamlLines(text);
      const rows = text.split("\n");
      let before = 1;
      for (const path of pathsOf(value)) {
        const line = lines.lineOf(path);
        const key = path.at(-1)!;
        if (typeof key === "string") {
          assertEquals(rows[line - 1]!.includes(key), true, `${JSON.stringify(path)}\n${text}`);
        }
        // Paths come in the order of the document.
        assertEquals(line >= before, true, `${JSON.stringify(path)}\n${text}`);
        before = line;
      }
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("any text is followed to its end", () => {
  const piece = fc.constantFrom(..."{}[],:-?&*!|>'\"#% \n\tab".split(""), "a: ", "\n- ", "\n  ");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      assertEquals(new YamlLines(pieces.join("")).lineOf([]) >= 1, true);
    }),
    { numRuns: 5_000 },
  );
});
