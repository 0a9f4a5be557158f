import { green, red, yellow } from "@std/fmt/colors";
import {
  type Command,
  type CommandContext,
  type CommandLine,
  EXIT,
  has,
  hasColours,
  JSON_OPTION,
  say,
} from "../../flowctl/command/mod.ts";
import { examine, type Finding } from "../doctor/mod.ts";
import { StateFolder } from "../state/mod.ts";
import { CONFIG_OPTIONS } from "./config_options.ts";
import { loadPlan } from "./loaded_plan.ts";

const COLOURS = { ok: green, warning: yellow, problem: red } as const;

/** `doctor`: what stands in the way of a start, and what to do. */
export const doctorCommand: Command = {
  name: "doctor",
  summary: "Look at everything that a start needs, and say what to do about what is wrong",
  arguments: [{ name: "profile", help: "name of a profile or path of a file (default: local)" }],
  options: [JSON_OPTION, ...CONFIG_OPTIONS],
  examples: ["deno task pipeline doctor", "deno task pipeline doctor production --json"],
  run: doctor,
};

async function doctor(line: CommandLine, context: CommandContext): Promise<number> {
  const { plan } = await loadPlan(line, context, line.arguments[0]);
  const stateDir = plan.manager.config.optionalString("STATE_DIR") ?? ".pipeline";
  const findings = await examine(plan, new StateFolder(stateDir));
  if (has(line, "json")) say(context, JSON.stringify(findings, null, 2));
  else {
    const colour = hasColours(context);
    for (const text of findings.flatMap((finding) => findingText(finding, colour))) {
      say(context, text);
    }
  }
  return findings.some(({ result }) => result === "problem") ? EXIT.failed : EXIT.ok;
}

function findingText({ what, result, found, advice }: Finding, colour: boolean): string[] {
  const mark = result.padEnd("problem".length);
  const line = `${colour ? COLOURS[result](mark) : mark}  ${what}: ${found}`;
  return advice === undefined ? [line] : [line, `${" ".repeat(mark.length)}  → ${advice}`];
}
