import {
  type Command,
  type CommandContext,
  type CommandLine,
  endWatching,
  EXIT,
  has,
  optionOf,
  UsageError,
} from "../../flowctl/command/mod.ts";
import { LOG_LEVELS, type LogLevel } from "../../flowctl/mod.ts";
import { ConsoleOutput } from "../display/mod.ts";
import { followLogs, lastLines, logNames, type LogQuery, readLogs } from "../logs/mod.ts";
import { MANAGER_NAME, shortName } from "../run/mod.ts";
import { FIND_OPTIONS } from "./config_options.ts";
import { componentNamed, stateFolderOf } from "./loaded_plan.ts";
import { NotRunningError } from "./running_pipeline.ts";

/** How `--since` counts back. */
const SINCE_UNITS_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `logs`: what the components and the manager have said. */
export const logsCommand: Command = {
  name: "logs",
  summary: "Show what the components have said, by time; also after the pipeline has stopped",
  arguments: [{ name: "component", help: "source, processor, sink or pipeline (default: all)" }],
  options: [
    { flag: "follow", help: "go on with what is said from now on, until Ctrl-C" },
    {
      flag: "since",
      value: "TIME",
      help: "nothing before: 30s, 10m, 2h, 1d ago, or a time as 2026-01-31T10:00:00Z",
    },
    { flag: "level", value: "LEVEL", help: "nothing less important: debug, info, warn or error" },
    { flag: "tail", value: "N", help: "of what is there, only the last N lines" },
    ...FIND_OPTIONS,
  ],
  examples: [
    "deno task pipeline logs",
    "deno task pipeline logs sink --since 10m --level warn",
    "deno task pipeline logs --follow",
  ],
  run: logs,
};

async function logs(line: CommandLine, context: CommandContext): Promise<number> {
  const [component] = line.arguments;
  const since = optionOf(line, "since");
  const level = optionOf(line, "level");
  const tail = parseTail(optionOf(line, "tail"));
  const wanted = {
    ...(since === undefined ? {} : { sinceMs: parseSince(since, Date.now()) }),
    ...(level === undefined ? {} : { level: parseLevel(level) }),
  };
  const name = component === undefined ? undefined : nameOfLog(component);
  const { state, maxLogFiles } = stateFolderOf(line, context);
  const known = await logNames(state.logs);
  if (known.length === 0) {
    throw new NotRunningError(`there are no logs in ${state.logs}: no pipeline was started there`);
  }
  if (name !== undefined && !known.includes(name)) {
    throw new NotRunningError(`${name} has no log in ${state.logs}; there are ${known.join(", ")}`);
  }
  const names = name === undefined ? known : [name];
  const query: LogQuery = { folder: state.logs, names, maxFiles: maxLogFiles, ...wanted };
  const output = new ConsoleOutput(context.sink, names.filter((name) => name !== MANAGER_NAME), {
    noColor: (context.env.get("NO_COLOR") ?? "") !== "",
  });
  const lines = has(line, "follow")
    ? followLogs(query, context.signal, tail)
    : lastLines(readLogs(query), tail);
  for await (const { name, text } of lines) output.line(name, text);
  if (has(line, "follow")) endWatching(context);
  return EXIT.ok;
}

function nameOfLog(component: string): string {
  return component === MANAGER_NAME
    ? component
    : shortName(componentNamed(component, [MANAGER_NAME]));
}

/**
 * The moment that `--since` names, in milliseconds since 1970.
 *
 * @throws {UsageError}
 */
export function parseSince(text: string, nowMs: number): number {
  const ago = /^(\d+)([smhd])$/.exec(text);
  if (ago !== null) return nowMs - Number(ago[1]) * SINCE_UNITS_MS[ago[2]!]!;
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) {
    throw new UsageError(
      `--since "${text}" must be a time ago such as 30s, 10m, 2h, 1d, or one such as 2026-01-31T10:00:00Z`,
    );
  }
  return at;
}

function parseTail(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--tail "${text}" must be a whole number, for example --tail 100`);
}

function parseLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((each) => each === text);
  if (level === undefined) {
    throw new UsageError(`--level "${text}" must be one of ${LOG_LEVELS.join(", ")}`);
  }
  return level;
}
