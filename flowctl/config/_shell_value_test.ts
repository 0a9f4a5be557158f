import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { readShellValue } from "./_shell_value.ts";
import { ConfigFileError, parseConfigFile } from "./config_file.ts";

/** What follows `NAME=`, and the value that it means. */
const READ: readonly [string, string][] = [
  ["", ""],
  [" \t", ""],
  [" # a comment", ""],
  ["#none", "#none"],
  ["a=b#c", "a=b#c"],
  ["1 # a comment with $HOME", "1"],
  ["'single # quoted $x'", "single # quoted $x"],
  ["'x'#y", "x#y"],
  ['"double \\"quoted\\" \\$x \\\\ \\`"  # comment', 'double "quoted" $x \\ `'],
  ['"C:\\data"', "C:\\data"],
  ["a\"b c\"d'e f'", "ab cde f"],
  ["two\\ words\\$", "two words$"],
  ["./data~1/*.parquet", "./data~1/*.parquet"],
  ["\\~", "~"],
  ["'~'", "~"],
];

for (const [text, value] of READ) {
  Deno.test(`NAME=${text} means ${JSON.stringify(value)}, as to a shell`, () => {
    assertEquals(readShellValue(text), { value });
  });
}

/** What follows `NAME=`, and what is said of it. */
const REFUSED: readonly [string, string][] = [
  ["$HOME/x", "a shell replaces what follows $"],
  ['"${HOME}/x"', "a shell replaces what follows $"],
  ["$(date)", "a shell replaces what follows $"],
  ['"`date`"', "a shell replaces what follows `"],
  ["~/lake", "a shell replaces ~"],
  ["/a:~/b", "a shell replaces ~"],
  ["two words", "a shell ends the value at the blank"],
  ["'a' b", "a shell ends the value at the blank"],
  ["a;b", "; outside quotes"],
  ["a&b", "& outside quotes"],
  ["a|b", "| outside quotes"],
  ["<a", "< outside quotes"],
  ["a>b", "> outside quotes"],
  ["(a)", "( outside quotes"],
  ["{a,b}", "{ outside quotes"],
  ["a\\", "a value ends on its line"],
  ["'open", "the single quotes are not closed"],
  ['a"open\\"', "the double quotes are not closed"],
];

for (const [text, sentence] of REFUSED) {
  Deno.test(`NAME=${text} is refused, as a shell would make something else of it`, () => {
    const read = readShellValue(text);
    assertEquals(
      "problem" in read && read.problem.startsWith(sentence),
      true,
      JSON.stringify(read),
    );
  });
}

/** Ways to begin a line. */
const BEGINNINGS = ["", "export ", "  ", "\texport \t"];

/** Values with every character that a shell treats in some way. */
const rest = fc.array(
  fc.oneof(
    fc.constantFrom(...`ab=:/.,#~$\`"'\\ \t;&|<>(){}[]*?!^%@+-é`),
    fc.constantFrom("$HOME", '"a b"', "'a b'", " # c", "\\$", '\\"', "a~", ":~", '"\\', "''"),
    fc.string({ unit: "grapheme", maxLength: 2 }).map((text) => text.replace(/[\n\r\0]/g, "")),
  ),
  { maxLength: 8 },
).map((pieces) => pieces.join(""));

/** Those of the lines that are accepted; each has a name of its own. */
function accepted(lines: readonly (readonly [string, string])[]): string[] {
  return lines
    .map(([beginning, value], at) => `${beginning}V${at}=${value}`)
    .filter((line) => {
      try {
        return parseConfigFile(line, "my.env").size === 1;
      } catch (error) {
        if (error instanceof ConfigFileError) return false;
        throw error;
      }
    });
}

/** The variables with a name as above, after a shell has sourced the file in an empty folder. */
async function sourced(folder: string, text: string): Promise<Record<string, string>> {
  const file = join(folder, "my.env");
  await Deno.writeTextFile(file, text);
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", 'set -a; . "$0"; env -0', file],
    cwd: folder,
    env: { HOME: "/home/of/nobody", PATH: Deno.env.get("PATH")! },
    clearEnv: true,
    stderr: "null",
  }).output();
  const entries = new TextDecoder().decode(stdout).split("\0")
    .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]);
  return Object.fromEntries(entries.filter(([name]) => /^V\d+$/.test(name!)));
}

Deno.test({
  name: "whatever line is accepted means the same to a shell that sources the file",
  // There is no such shell.
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    let compared = 0;
    try {
      const line = fc.tuple(fc.constantFrom(...BEGINNINGS), rest);
      await fc.assert(
        fc.asyncProperty(fc.array(line, { minLength: 60, maxLength: 120 }), async (lines) => {
          const text = accepted(lines).join("\n");
          const read = [...parseConfigFile(text, "my.env")].map(([name, { text }]) => [name, text]);
          compared += read.length;
          assertEquals(await sourced(folder, text), Object.fromEntries(read));
        }),
        { numRuns: 60 },
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    assertEquals(compared > 500, true, `${compared} lines were accepted`);
  },
});
