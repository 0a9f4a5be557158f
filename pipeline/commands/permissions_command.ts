import {
  type Command,
  type CommandContext,
  type CommandLine,
  EXIT,
  has,
  JSON_OPTION,
  say,
} from "../../flowctl/command/mod.ts";
import { type PipelinePlan, type PlannedComponent, stagesOf } from "../plan/mod.ts";
import type { ReadyLine } from "../process/mod.ts";
import { CONFIG_OPTIONS } from "./config_options.ts";
import { loadPlan } from "./loaded_plan.ts";

/** `permissions`: the flags with which each component is started. */
export const permissionsCommand: Command = {
  name: "permissions",
  summary: "Show the exact permissions with which each component of a profile is started",
  arguments: [{ name: "profile", help: "name of a profile or path of a file (default: local)" }],
  options: [JSON_OPTION, ...CONFIG_OPTIONS],
  examples: [
    "deno task permissions flowctl",
    "deno task pipeline permissions local --set OUTPUT_PATH=./out",
  ],
  run: permissions,
};

/** What a component that listens where it is configured to will say; nothing where a port is picked. */
function readyLineOf(component: PlannedComponent | undefined): ReadyLine | undefined {
  if (component === undefined) return undefined;
  const { declaration, config } = component;
  const ports: Record<string, number> = {};
  for (const [name, variable] of Object.entries(declaration.ports)) {
    const port = config.values[variable];
    if (typeof port === "number" && port !== 0) ports[name] = port;
  }
  return { component: declaration.name, ports };
}

/** What a start may run. */
function startable({ controlPlane, components }: PipelinePlan): PlannedComponent[] {
  return [...controlPlane === undefined ? [] : [controlPlane], ...components];
}

async function permissions(line: CommandLine, context: CommandContext): Promise<number> {
  const { plan, options } = await loadPlan(line, context, line.arguments[0]);
  for (const problem of plan.problems) say(context, problem);
  // What is missing for a start may still leave the permissions known.
  const known = startable(plan).filter(({ config }) => config.isSet("BIND_ADDRESS"));
  const stages = stagesOf({ ...plan, components: known }, options);
  const flags = stages.map((stage, at) => {
    const { args } = stage.launch(readyLineOf(known[at - 1]), undefined);
    return {
      component: stage.component,
      flags: args.filter((each) => each.startsWith("--allow-")),
    };
  });
  if (has(line, "json")) say(context, JSON.stringify(flags, null, 2));
  else {
    for (const each of flags) {
      say(context, `${each.component}\n${each.flags.map((flag) => `  ${flag}`).join("\n")}`);
    }
  }
  return plan.problems.length > 0 ? EXIT.usage : EXIT.ok;
}
