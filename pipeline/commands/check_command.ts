import {
  type Command,
  type CommandContext,
  type CommandLine,
  EXIT,
  say,
} from "../../flowctl/command/mod.ts";
import { CONFIG_OPTIONS } from "./config_options.ts";
import { loadPlan } from "./loaded_plan.ts";

/** `check`: validates a configuration without starting anything. */
export const checkCommand: Command = {
  name: "check",
  summary: "Check the configuration of a profile without starting anything",
  arguments: [{ name: "profile", help: "name of a profile or path of a file (default: local)" }],
  options: CONFIG_OPTIONS,
  examples: [
    "deno task pipeline check production",
    "deno task pipeline check ./mine.yaml --config prod.env",
  ],
  run: check,
};

async function check(line: CommandLine, context: CommandContext): Promise<number> {
  const { plan, profile } = await loadPlan(line, context, line.arguments[0]);
  for (const warning of plan.warnings) say(context, `warning: ${warning}`);
  for (const problem of plan.problems) say(context, problem);
  const { length } = plan.problems;
  if (length > 0) {
    say(context, `profile ${profile}: ${length} ${length === 1 ? "problem" : "problems"}`);
    return EXIT.usage;
  }
  say(context, `profile ${profile} can be used`);
  return EXIT.ok;
}
