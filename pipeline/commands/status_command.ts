import { delay } from "@std/async/delay";
import type { PipelineStatus } from "../control/mod.ts";
import { statusTable } from "../display/mod.ts";
import {
  type Command,
  type CommandContext,
  type CommandLine,
  endWatching,
  EXIT,
  FIND_OPTIONS,
  has,
  JSON_OPTION,
  say,
} from "./command.ts";
import { stateFolderOf } from "./loaded_plan.ts";
import { runningPipeline } from "./running_pipeline.ts";

/** Time between two tables of `--watch`; the manager's figures are as new. */
const WATCH_EVERY_MS = 1_000;

/** To the first place of the screen, and everything from there on erased. */
const CLEAR_SCREEN = "\x1b[H\x1b[J";

/** `status`: what the running pipeline is doing. */
export const statusCommand: Command = {
  name: "status",
  summary: "Show what each component of the running pipeline is doing",
  arguments: [],
  options: [
    JSON_OPTION,
    { flag: "watch", help: "show it again every second, until Ctrl-C" },
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
  const show = async () => {
    const { control } = await runningPipeline(state);
    const found = await control.status();
    if (has(line, "json")) {
      // A line each, so that a program can read them as they come.
      return JSON.stringify(found, null, has(line, "watch") ? undefined : 2);
    }
    const { isTerminal } = context.sink;
    return statusText(found, isTerminal && (context.env.get("NO_COLOR") ?? "") === "").join("\n");
  };
  if (!has(line, "watch")) {
    say(context, await show());
    return EXIT.ok;
  }
  const isDrawn = context.sink.isTerminal && !has(line, "json");
  while (!context.signal.aborted) {
    const text = await show();
    say(context, isDrawn ? `${CLEAR_SCREEN}${text}` : text);
    await delay(WATCH_EVERY_MS, { signal: context.signal }).catch(() => {});
  }
  endWatching(context);
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
