import { assertEquals, assertThrows } from "@std/assert";
import { ConfigFileError, parseConfigFile } from "./config_file.ts";

/** The values by name. */
function read(text: string, file = "my.env"): Record<string, string> {
  const variables = [...parseConfigFile(text, file)];
  return Object.fromEntries(variables.map(([name, { text }]) => [name, text]));
}

Deno.test("lines are read as a shell would read them", () => {
  const text = [
    "# a comment",
    "A=1",
    "export B='two words' # and a comment",
    "  export\tC='single # quoted'",
    'D="double \\"quoted\\" \\$x"  # comment',
    "E=",
    "F=a=b#c",
    "",
  ].join("\r\n");
  assertEquals(read(text), {
    A: "1",
    B: "two words",
    C: "single # quoted",
    D: 'double "quoted" $x',
    E: "",
    F: "a=b#c",
  });
});

Deno.test("a YAML file is a mapping of names to values", () => {
  assertEquals(read("A: 1\nB: true\nC: [x, y]\nD: 10s\nE:\n", "my.yaml"), {
    A: "1",
    B: "true",
    C: "x,y",
    D: "10s",
    E: "",
  });
  // What a number cannot hold stays as it is written.
  assertEquals(read("A: 9007199254740993\nB: 007", "my.yaml"), { A: "9007199254740993", B: "007" });
  assertEquals(read("", "empty.yml"), {});
});

Deno.test("a line or document of another form is named", () => {
  assertThrows(() => read("A=1\nset B 2"), ConfigFileError, "my.env, line 2");
  const error = assertThrows(() => read("TOKEN = sesame"), ConfigFileError);
  assertEquals(error.message.includes("sesame"), false);
  assertThrows(() => read("A='open"), ConfigFileError, "my.env, line 1, A: the single quotes");
  // What is no blank to a shell is none here.
  assertThrows(() => read("\u00a0A=1"), ConfigFileError, "my.env, line 1: must be NAME=value");
  assertThrows(
    () => read("B: 1\nA: {b: c}", "my.yaml"),
    ConfigFileError,
    "my.yaml, line 2, A: must be",
  );
  assertThrows(() => read("- a", "my.yaml"), ConfigFileError, "must be a mapping");
  assertThrows(() => read("a: [", "my.yaml"), ConfigFileError, "not valid YAML");
});

Deno.test("a value that a shell would change is refused with file, line and name, and not shown", () => {
  const error = assertThrows(() => read("A=1\nexport TOKEN=sesame$HOME"), ConfigFileError);
  assertEquals(
    error.message,
    "my.env, line 2, TOKEN: a shell replaces what follows $; " +
      "put it in single quotes, or write the value itself",
  );
});

Deno.test("each variable knows its line; of a name that is set twice the last counts", () => {
  const lines = (text: string, file: string) =>
    [...parseConfigFile(text, file)].map(([name, { line }]) => [name, line]);
  assertEquals(lines("\uFEFFA=1\r\n\r\n# x\r\nB=2\r\nA=3", "my.env"), [["A", 5], ["B", 4]]);
  assertEquals(lines("# x\nA: 1\nB: [x,\n  y]\nC: 2", "my.yaml"), [["A", 2], ["B", 3], ["C", 5]]);
});
