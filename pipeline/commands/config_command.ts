import {
  type Command,
  type CommandContext,
  type CommandLine,
  EXIT,
  has,
  JSON_OPTION,
  say,
  UsageError,
} from "../../flowctl/command/mod.ts";
import { describeOrigin } from "../../flowctl/mod.ts";
import type { PipelinePlan, PlannedConfig } from "../plan/mod.ts";
import { fullName, MANAGER_NAME } from "../run/mod.ts";
import { CONFIG_OPTIONS, PROFILE_OPTION } from "./config_options.ts";
import { loadPlan } from "./loaded_plan.ts";

/** One variable as `config` tells it. */
interface ConfigEntry {
  readonly component: string;
  readonly name: string;
  /** As it is written (`10m`, not 600000), secrets masked; null when nothing sets it. */
  readonly value: string | null;
  /** Where the value comes from. */
  readonly origin: string;
}

/** `config`: every variable with its value and where it comes from. */
export const configCommand: Command = {
  name: "config",
  summary: "Show every variable with its value and where that comes from",
  arguments: [{ name: "component", help: "source, processor, sink or pipeline (default: all)" }],
  options: [PROFILE_OPTION, JSON_OPTION, ...CONFIG_OPTIONS],
  examples: [
    "deno task pipeline config",
    "deno task pipeline config sink --profile production",
    "deno task pipeline config --json --config prod.env",
  ],
  run: config,
};

async function config(line: CommandLine, context: CommandContext): Promise<number> {
  const { plan } = await loadPlan(line, context);
  const entries = entriesOf(plan, line.arguments[0]);
  if (has(line, "json")) {
    say(context, JSON.stringify(entries, null, 2));
    return EXIT.ok;
  }
  for (const text of configText(entries)) say(context, text);
  for (const problem of plan.problems) say(context, `problem: ${problem}`);
  for (const warning of plan.warnings) say(context, `warning: ${warning}`);
  return EXIT.ok;
}

function entriesOf(
  { manager, controlPlane, components }: PipelinePlan,
  name: string | undefined,
): ConfigEntry[] {
  const all = [...components, ...controlPlane === undefined ? [] : [controlPlane], manager];
  if (name === undefined) return all.flatMap(entriesOfOne);
  const full = name === MANAGER_NAME ? manager.declaration.name : fullName(name);
  const found = all.find(({ declaration }) => declaration.name === full);
  if (found !== undefined) return entriesOfOne(found);
  throw new UsageError(`"${name}" is not a component: source, processor, sink, pipeline`);
}

function entriesOfOne({ declaration, config }: PlannedConfig): ConfigEntry[] {
  return [...declaration.variables.values()].map(({ name, required }) => {
    const isMissing = required && config.text(name) === undefined;
    const origin = describeOrigin(config.origin(name));
    return {
      component: declaration.name,
      name,
      value: config.text(name) === undefined ? null : config.shown(name),
      origin: isMissing ? "not set, but required" : origin,
    };
  });
}

function configText(entries: readonly ConfigEntry[]): string[] {
  const lines: string[] = [];
  const nameWidth = Math.max(...entries.map(({ name }) => name.length));
  const valueWidth = Math.max(...entries.map(({ value }) => shown(value).length));
  let component = "";
  for (const entry of entries) {
    if (entry.component !== component) {
      if (component !== "") lines.push("");
      component = entry.component;
      lines.push(component);
    }
    const value = shown(entry.value).padEnd(valueWidth);
    lines.push(`  ${entry.name.padEnd(nameWidth)}  ${value}  ${entry.origin}`);
  }
  return lines;
}

function shown(value: string | null): string {
  return value ?? "–";
}
