import { delay } from "@std/async/delay";
import {
  type Command,
  type CommandContext,
  type CommandLine,
  EXIT,
  say,
} from "../../flowctl/command/mod.ts";
import { PROGRAMS } from "../../flowctl/mod.ts";
import { sendSignal } from "../process/mod.ts";
import type { RunRecord, StateFolder } from "../state/mod.ts";
import { FIND_OPTIONS } from "./config_options.ts";
import { stateFolderOf } from "./loaded_plan.ts";
import { ManagerLines } from "./manager_lines.ts";
import { runningPipeline } from "./running_pipeline.ts";

/** Time between two looks whether it has stopped. */
const LOOK_EVERY_MS = 50;

/** What the manager itself needs beside the stops of its components. */
const MANAGER_MS = 5_000;

/** `stop`: stops the running pipeline in order. */
export const stopCommand: Command = {
  name: "stop",
  summary: "Stop the running pipeline: the sink first, each component drained",
  arguments: [],
  options: FIND_OPTIONS,
  examples: ["deno task pipeline stop", "deno task pipeline stop --state-dir ./second"],
  run: stop,
};

async function stop(line: CommandLine, context: CommandContext): Promise<number> {
  const { state } = stateFolderOf(line, context);
  const { run } = await runningPipeline(state);
  using lines = new ManagerLines(state.logs);
  sendSignal(run.pid, "SIGTERM");
  const stopped = await untilStopped(state, run, () => {
    for (const text of lines.read()) say(context, text);
  });
  if (stopped) return EXIT.ok;
  sendSignal(run.pid, "SIGKILL");
  say(
    context,
    `the manager, process ${run.pid}, did not stop and was killed; its components see that and ` +
      "stop by themselves",
  );
  return EXIT.failed;
}

async function untilStopped(
  state: StateFolder,
  run: RunRecord,
  look: () => void,
): Promise<boolean> {
  const deadline = performance.now() + PROGRAMS.length * run.graceMs + MANAGER_MS;
  while (performance.now() < deadline) {
    look();
    if ((await state.currentRun())?.pid !== run.pid) {
      look();
      return true;
    }
    await delay(LOOK_EVERY_MS);
  }
  return false;
}
