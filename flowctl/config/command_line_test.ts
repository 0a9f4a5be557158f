import { assertEquals } from "@std/assert";
import { testDeclaration } from "./_test_declaration.ts";
import { parseCommandLine } from "./command_line.ts";

const parse = (...args: string[]) => parseCommandLine(testDeclaration(), args);

Deno.test("flags are read in both forms, the last of a repeated one counts", () => {
  const line = parse("--size", "5", "--size=6", "--ratio", "-3", "--token=a=b");
  assertEquals([...line.flags], [["SIZE", "6"], ["RATIO", "-3"], ["TOKEN", "a=b"]]);
  assertEquals(line.problems, []);
});

Deno.test("a boolean flag may stand alone", () => {
  assertEquals(parse("--strict").flags.get("STRICT"), "true");
  assertEquals(parse("--strict", "--size", "5").flags.get("STRICT"), "true");
  assertEquals(parse("--strict", "false").flags.get("STRICT"), "false");
  assertEquals(parse("--strict=false").flags.get("STRICT"), "false");
});

Deno.test("help, version, file and profile are no variables", () => {
  const line = parse("--config", "a.env", "--profile=b.yaml", "--version", "-h");
  assertEquals([line.config, line.profile, line.version, line.help], [
    "a.env",
    "b.yaml",
    true,
    true,
  ]);
  assertEquals(line.flags.size, 0);
});

Deno.test("an unknown flag, a flag without value and a stray word are one problem each", () => {
  const problems = (...args: string[]) =>
    parse(...args).problems.map((p) => `${p.variable} ${p.rule}`);
  assertEquals(problems("--siez", "5"), ["--siez is not a flag; did you mean --size?"]);
  assertEquals(problems("--quite-other", "5"), ["--quite-other is not a flag; see --help"]);
  assertEquals(problems("--size"), ["--size needs a value"]);
  assertEquals(problems("--size", "--strict"), ["--size needs a value"]);
  assertEquals(problems("start"), ["start is not expected here; see --help"]);
});
