import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { managerDeclaration } from "../plan/mod.ts";
import { COMMANDS } from "./all_commands.ts";
import { commandHelp, EXIT_CODES } from "./command_help.ts";
import { commandReference, withReference } from "./command_reference.ts";

Deno.test("docs/pipeline.md shows the helps of the commands as they are", async () => {
  const guide = await Deno.readTextFile(new URL("../../docs/pipeline.md", import.meta.url));
  const reference = commandReference(COMMANDS, managerDeclaration());
  assertEquals(
    guide,
    withReference(guide, reference),
    "run pipeline/commands/command_reference.ts",
  );
});

Deno.test("the reference has the help of every command, and the exit codes once", () => {
  const reference = commandReference(COMMANDS, managerDeclaration());
  for (const command of COMMANDS) {
    const help = commandHelp(command, managerDeclaration()).replace(EXIT_CODES, "").trimEnd();
    assertStringIncludes(reference, help);
  }
  assertEquals(reference.split(EXIT_CODES).length, 2);
});

Deno.test("a guide without a place for the reference is refused", () => {
  assertThrows(() => withReference("# Guide", ""), Error, "<!-- commands -->");
});
