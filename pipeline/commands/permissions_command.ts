import { componentCommand, type PipelinePlan, type PlannedComponent } from "../plan/mod.ts";
import {
  type Command,
  type CommandContext,
  type CommandLine,
  CONFIG_OPTIONS,
  EXIT,
  has,
  JSON_OPTION,
  say,
} from "./command.ts";
import { loadPlan } from "./loaded_plan.ts";

/** `permissions`: the flags with which each component is started. */
export const permissionsCommand: Command = {
  name: "permissions",
  summary: "Show the exact permissions with which each component of a profile is started",
  arguments: [{ name: "profile", help: "name of a profile or path of a file (default: local)" }],
  options: [JSON_OPTION, ...CONFIG_OPTIONS],
  examples: [
    "deno task permissions production",
    "deno task pipeline permissions local --set OUTPUT_PATH=./out",
  ],
  run: permissions,
};

/** What a start may run. */
function startable({ controlPlane, components }: PipelinePlan): PlannedComponent[] {
  return [...controlPlane === undefined ? [] : [controlPlane], ...components];
}

async function permissions(line: CommandLine, context: CommandContext): Promise<number> {
  const { plan } = await loadPlan(line, context, line.arguments[0]);
  for (const problem of plan.problems) say(context, problem);
  // What is missing for a start may still leave the permissions known.
  const known = startable(plan).filter(({ config }) => config.isSet("BIND_ADDRESS"));
  const flags = known.map(({ declaration, config }) => ({
    component: declaration.name,
    flags: componentCommand(declaration, config).filter((each) => each.startsWith("--allow-")),
  }));
  if (has(line, "json")) say(context, JSON.stringify(flags, null, 2));
  else {
    for (const each of flags) {
      say(context, `${each.component}\n${each.flags.map((flag) => `  ${flag}`).join("\n")}`);
    }
  }
  return plan.problems.length > 0 ? EXIT.usage : EXIT.ok;
}
