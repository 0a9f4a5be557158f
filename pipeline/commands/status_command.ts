import {
  type Command,
  type CommandContext,
  type CommandLine,
  EXIT,
  has,
  hasColours,
  JSON_OPTION,
  jsonAnswer,
  showOrWatch,
  WATCH_OPTION,
} from "../../flowctl/command/mod.ts";
import type { PipelineStatus } from "../control/mod.ts";
import { statusTable } from "../display/mod.ts";
import { FIND_OPTIONS } from "./config_options.ts";
import { stateFolderOf } from "./loaded_plan.ts";
import { runningPipeline } from "./running_pipeline.ts";

/** `status`: what the running pipeline is doing. */
export const statusCommand: Command = {
  name: "status",
  summary: "Show what each component of the running pipeline is doing",
  arguments: [],
  options: [
    JSON_OPTION,
    WATCH_OPTION,
    ...FIND_OPTIONS,
  ],
  examples: [
    "deno task pipeline status",
    "deno task pipeline status --watch",
    "deno task pipeline status --json",
  ],
  run: status,
};

async function status(line: CommandLine, context: CommandContext): Promise<number> {
  const { state } = stateFolderOf(line, context);
  await showOrWatch(line, context, async () => {
    const { control } = await runningPipeline(state);
    const found = await control.status();
    if (has(line, "json")) return jsonAnswer(line, found);
    return statusText(found, hasColours(context)).join("\n");
  });
  return EXIT.ok;
}

/** A status as lines for people. */
export function statusText(status: PipelineStatus, colour: boolean): string[] {
  const { state, profile, pid, since, detached, components } = status;
  const where = detached ? "detached" : "in the foreground";
  return [
    `pipeline ${state}, profile ${profile}, process ${pid} ${where}, since ${since}`,
    "",
    ...statusTable(components, colour),
  ];
}
