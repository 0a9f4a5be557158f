import { parseArgs } from "@std/cli/parse-args";
import type { TextSink } from "./display/mod.ts";
import { start } from "./commands/mod.ts";

/** Exit code for a command line that is not understood, as for a wrong configuration. */
const EXIT_USAGE = 2;

const VARIABLES =
  `Variables are those of the components (each tells them with --help). Some of them:
  SOURCE_TYPE         simulated or filesystem
  STORAGE_PATH        folder of the ledgers
  START_LEDGER        first ledger to store into an empty table
  END_LEDGER          last ledger; without it the pipeline follows the tip
  OUTPUT_PATH         folder of the tables`;

const EXIT_CODES =
  `Exit codes: 0 finished or stopped, 1 failed (also a taken port), 2 wrong command or configuration.
After Ctrl-C under npx the shell shows 130: that is npx's own code, the pipeline has stopped in order.`;

const HELP = `Runs the pipeline: source, processor and sink, each a process of its own.

Usage: deno task pipeline <command> [arguments]

Commands:
  start [profile]     start all components and stay until they have finished

Arguments of start:
  profile             name of a profile or path of a file (default: local)
  --config FILE       file with variables: NAME=value lines, or YAML

${VARIABLES}

Examples:
  deno task pipeline start
  END_LEDGER=1000 OUTPUT_PATH=./out deno task pipeline start local
  SOURCE_TYPE=filesystem STORAGE_PATH=./lake deno task pipeline start

${EXIT_CODES}`;

/** Help for the task that names command and profile itself. */
const HELP_LOCAL = `Runs the pipeline: source, processor and sink, each a process of its own.

Usage: deno task pipeline:local [--config FILE]

  --config FILE       file with variables: NAME=value lines, or YAML

${VARIABLES}

Examples:
  deno task pipeline:local
  END_LEDGER=1000 OUTPUT_PATH=./out deno task pipeline:local
  SOURCE_TYPE=filesystem STORAGE_PATH=./lake deno task pipeline:local

${EXIT_CODES}`;

type Command = (args: readonly string[], sink: TextSink) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = { start: startFromArguments };

/** Runs a command line and answers the exit code. */
export async function runCli(args: readonly string[], sink: TextSink): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || args.includes("--help") || args.includes("-h")) {
    // `deno task pipeline:local` puts these two before what the user wrote.
    const isLocalTask = name === "start" && rest[0] === "local";
    sink.write(`${isLocalTask ? HELP_LOCAL : HELP}\n`);
    return name === undefined ? EXIT_USAGE : 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return await command(rest, sink);
  return misunderstood(sink, `"${name}" is not a command: ${Object.keys(COMMANDS).join(", ")}`);
}

async function startFromArguments(args: readonly string[], sink: TextSink): Promise<number> {
  const unknown: string[] = [];
  const parsed = parseArgs([...args], {
    string: ["config"],
    unknown: (argument: string) => {
      if (argument.startsWith("-")) unknown.push(argument);
      return !argument.startsWith("-");
    },
  });
  const extra = [...unknown, ...parsed._.slice(1)].map((argument) => `"${argument}"`);
  if (extra.length > 0) return misunderstood(sink, `start does not take ${extra.join(", ")}`);
  const profile = String(parsed._[0] ?? "local");
  return await start({
    profile,
    ...(parsed.config === undefined ? {} : { configFile: parsed.config }),
  }, sink);
}

function misunderstood(sink: TextSink, what: string): number {
  sink.write(`${what}; see --help\n`);
  return EXIT_USAGE;
}
