import { assertEquals, assertStringIncludes } from "@std/assert";
import { testDeclaration } from "./_test_declaration.ts";
import { checkText, describeRule, MAX_VALUE_LENGTH, parseEndpoint } from "./variable_value.ts";

/** Name of a variable, texts that it takes with their values, texts that it refuses. */
const CASES: readonly [string, Record<string, unknown>, readonly string[]][] = [
  ["SIZE", { "1": 1, "100": 100, "007": 7 }, [
    "0",
    "101",
    "-1",
    "1.5",
    "1e2",
    "ten",
    " 1",
    "0x1",
    "",
  ]],
  ["RATIO", { "0": 0, "0.25": 0.25, "-3": -3, "1": 1 }, ["1.01", ".5", "1e-1", "NaN", "Infinity"]],
  ["STRICT", { true: true, false: false }, ["TRUE", "yes", "1", "0"]],
  ["WAIT", { "1s": 1000, "1500ms": 1500, "2m": 120_000, "1h": 3_600_000 }, [
    "999ms",
    "0s",
    "5",
    "1.5s",
    "-1s",
    "1d",
    "99999999999999999s",
  ]],
  ["MEMORY", { "5": 5, "1KB": 1000, "1 KiB": 1024, "2MiB": 2097152, "1GiB": 1073741824 }, [
    "1mib",
    "1.5MiB",
    "-1",
    "MiB",
    "99999999999999GiB",
  ]],
  ["SOURCE_ENDPOINT", {
    "localhost:1": ["localhost:1"],
    "[::1]:80": ["[::1]:80"],
    "10.0.0.1:65535, b.example:2": ["10.0.0.1:65535", "b.example:2"],
  }, [
    "localhost",
    ":80",
    "localhost:0",
    "localhost:65536",
    "localhost:1,localhost",
    "http://localhost:80",
    "a b:80",
    "::1:80",
    "[::1]",
  ]],
  ["FOLDER", { "./a b,c": "./a b,c" }, ["a\0b"]],
  ["MODE", { read: "read", make: "make" }, ["Read", "write"]],
  ["KINDS", { "x": ["x"], " x , y,": ["x", "y"] }, ["x,z", ",", "x y"]],
  ["TOKEN", { abc: "abc" }, ["ABC", "a1"]],
];

for (const [name, good, bad] of CASES) {
  const variable = testDeclaration().variables.get(name)!;
  Deno.test(`${name} (${variable.type}) takes what keeps its rule and refuses the rest`, () => {
    for (const [text, value] of Object.entries(good)) {
      assertEquals(checkText(variable, text), value, text);
    }
    for (const text of bad) assertEquals(checkText(variable, text), undefined, text);
  });
}

Deno.test("a value longer than any variable needs is refused", () => {
  const folder = testDeclaration().variables.get("FOLDER")!;
  assertEquals(checkText(folder, "a".repeat(MAX_VALUE_LENGTH)) === undefined, false);
  assertEquals(checkText(folder, "a".repeat(MAX_VALUE_LENGTH + 1)), undefined);
});

Deno.test("every variable's rule can be said in words", () => {
  const rules = [...testDeclaration().variables.values()].map(describeRule);
  assertEquals(rules[0], "a whole number from 1 to 100");
  assertEquals(rules[1], "a number, at most 1");
  assertEquals(rules[3], "a time in ms, s, m or h, at least 1s");
  assertEquals(rules[8], "a comma-separated list, each one of x, y");
  for (const rule of rules) assertEquals(rule.length > 0, true);
  assertStringIncludes(rules[9]!, "^[a-z]+$");
});

Deno.test("an endpoint is divided into host and port", () => {
  assertEquals(parseEndpoint("a.example:443"), { host: "a.example", port: 443 });
  assertEquals(parseEndpoint("[fe80::1]:80"), { host: "fe80::1", port: 80 });
  assertEquals(parseEndpoint("a.example"), undefined);
});
