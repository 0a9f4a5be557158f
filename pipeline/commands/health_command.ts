import { green, red } from "@std/fmt/colors";
import {
  type Command,
  type CommandContext,
  type CommandLine,
  type CommandOption,
  EXIT,
  has,
  hasColours,
  JSON_OPTION,
  say,
} from "../../flowctl/command/mod.ts";
import { type PipelineReport, reportText } from "../../flowctl/mod.ts";
import type { EndpointHealth } from "../control/mod.ts";
import { FIND_OPTIONS } from "./config_options.ts";
import { stateFolderOf } from "./loaded_plan.ts";
import { runningPipeline } from "./running_pipeline.ts";

const REPORT_OPTION: CommandOption = {
  flag: "report",
  help: "report on load, pools and flow control, with the bottleneck and what to do",
};

/** `health`: asks every endpoint. */
export const healthCommand: Command = {
  name: "health",
  summary: "Ask every endpoint of the running pipeline; 0 only when all are healthy",
  arguments: [],
  options: [REPORT_OPTION, JSON_OPTION, ...FIND_OPTIONS],
  examples: [
    "deno task pipeline health",
    "deno task pipeline health --report",
    "deno task pipeline health --report --json",
  ],
  notes: [
    "The report comes from the components themselves; with a control plane it tells when that heard",
    "of them, too, and whoever else is registered there.",
  ],
  run: health,
};

async function health(line: CommandLine, context: CommandContext): Promise<number> {
  const { state } = stateFolderOf(line, context);
  const { control } = await runningPipeline(state);
  if (has(line, "report")) return showReport(await control.report(), line, context);
  const endpoints = await control.health();
  if (has(line, "json")) say(context, JSON.stringify(endpoints, null, 2));
  else {
    for (const text of healthText(endpoints, hasColours(context))) say(context, text);
  }
  return endpoints.every(({ healthy }) => healthy) ? EXIT.ok : EXIT.failed;
}

/** Answers 0 only where the pipeline is healthy. */
function showReport(report: PipelineReport, line: CommandLine, context: CommandContext): number {
  const text = has(line, "json")
    ? JSON.stringify(report, null, 2)
    : reportText(report, hasColours(context)).join("\n");
  say(context, text);
  return report.status === "healthy" ? EXIT.ok : EXIT.failed;
}

function healthText(endpoints: readonly EndpointHealth[], colour: boolean): string[] {
  const widthOf = (text: (endpoint: EndpointHealth) => string) =>
    Math.max(...endpoints.map((endpoint) => text(endpoint).length));
  const where = ({ endpoint, kind }: EndpointHealth) => endpoint ?? kind;
  const names = widthOf(({ name }) => name);
  const places = widthOf(where);
  return endpoints.map((endpoint) => {
    const { name, healthy, status, reason, milliseconds } = endpoint;
    const paint = !colour ? String : healthy ? green : red;
    const time = milliseconds === null ? "" : `  ${milliseconds} ms`;
    const why = reason === null ? "" : `: ${reason}`;
    return `${name.padEnd(names)}  ${where(endpoint).padEnd(places)}  ${
      paint(status)
    }${why}${time}`;
  });
}
