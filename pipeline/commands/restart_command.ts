import {
  type Command,
  type CommandContext,
  type CommandLine,
  EXIT,
  say,
} from "../../flowctl/command/mod.ts";
import { FIND_OPTIONS } from "./config_options.ts";
import { componentNamed, stateFolderOf } from "./loaded_plan.ts";
import { runningPipeline } from "./running_pipeline.ts";

/** `restart`: restarts one component of the running pipeline, or all. */
export const restartCommand: Command = {
  name: "restart",
  summary: "Restart one component of the running pipeline, or all in order",
  arguments: [{ name: "component", help: "source, processor or sink (default: all)" }],
  options: FIND_OPTIONS,
  examples: ["deno task pipeline restart processor", "deno task pipeline restart"],
  run: restart,
};

async function restart(line: CommandLine, context: CommandContext): Promise<number> {
  const [name] = line.arguments;
  const component = name === undefined ? undefined : componentNamed(name);
  const { state } = stateFolderOf(line, context);
  const { control } = await runningPipeline(state);
  const { components } = await control.restart(component);
  for (const each of components) {
    if (component !== undefined && each.component !== component) continue;
    say(context, `${each.name} runs again as process ${each.pid}`);
  }
  return EXIT.ok;
}
