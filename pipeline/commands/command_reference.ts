/** Writes the command reference of docs/pipeline.md from the commands' own helps. */
import type { Command } from "../../flowctl/command/mod.ts";
import type { ComponentDeclaration } from "../../flowctl/mod.ts";
import { managerDeclaration } from "../plan/mod.ts";
import { COMMANDS } from "./all_commands.ts";
import { commandHelp, EXIT_CODES, programHelp, usageOf } from "./command_help.ts";

/** The marks between which the reference stands in the guide. */
const MARKS = ["<!-- commands -->", "<!-- /commands -->"] as const;

/** The helps of all commands in Markdown; exit codes stand once, at the end. */
export function commandReference(
  commands: readonly Command[],
  manager: ComponentDeclaration,
): string {
  const sections = commands.map((command) =>
    section(`\`${usageOf(command)}\``, commandHelp(command, manager))
  );
  return [section("All commands", programHelp(commands)), ...sections, fenced(EXIT_CODES)]
    .join("\n\n");
}

/**
 * A guide with this reference in the place of the one that it has.
 *
 * @throws {Error} when the marks are missing
 */
export function withReference(guide: string, reference: string): string {
  const [start, end] = MARKS.map((mark) => guide.indexOf(mark)) as [number, number];
  if (start < 0 || end < start) throw new Error(`The guide must have ${MARKS.join(" and ")}`);
  const from = start + MARKS[0].length;
  return `${guide.slice(0, from)}\n\n${reference}\n\n${guide.slice(end)}`;
}

function section(title: string, help: string): string {
  return `### ${title}\n\n${fenced(help.replace(EXIT_CODES, "").trimEnd())}`;
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

if (import.meta.main) {
  const path = new URL("../../docs/pipeline.md", import.meta.url);
  const reference = commandReference(COMMANDS, managerDeclaration());
  await Deno.writeTextFile(path, withReference(await Deno.readTextFile(path), reference));
}
