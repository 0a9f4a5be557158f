import { assertEquals, assertThrows } from "@std/assert";
import { ConfigFileError, parseConfigFile } from "./config_file.ts";

const read = (text: string, file = "my.env") => Object.fromEntries(parseConfigFile(text, file));

Deno.test("lines are read as a shell would read them", () => {
  const text = [
    "# a comment",
    "A=1",
    "export B=two words # and a comment",
    "  export\tC='single # quoted'",
    'D="double \\"quoted\\" $x"  # comment',
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
  assertThrows(() => read("A='open"), ConfigFileError, "my.env, line 1");
  assertThrows(
    () => read("B: 1\nA: {b: c}", "my.yaml"),
    ConfigFileError,
    "my.yaml, line 2, A: must be",
  );
  assertThrows(() => read("- a", "my.yaml"), ConfigFileError, "must be a mapping");
  assertThrows(() => read("a: [", "my.yaml"), ConfigFileError, "not valid YAML");
});
