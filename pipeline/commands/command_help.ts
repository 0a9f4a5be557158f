import { type Command, helpText } from "../../flowctl/command/mod.ts";
import { type ComponentDeclaration, describeRule, flagOf } from "../../flowctl/mod.ts";

/** What every help says at its end. */
export const EXIT_CODES =
  `Exit codes: 0 done, finished or stopped; 1 failed; 2 wrong command or configuration; 3 no pipeline is running.
After Ctrl-C under npx the shell shows 130: that is npx's own code, the pipeline has stopped in order.`;

/** The help of the whole program. */
export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => usageOf(command).length));
  return [
    "Runs the pipeline: source, processor and sink, each a process of its own.",
    "",
    "Usage: deno task pipeline <command> [arguments] [options]",
    "",
    "Commands:",
    ...commands.map((command) => `  ${usageOf(command).padEnd(width)}  ${command.summary}`),
    "",
    "deno task pipeline <command> --help tells more about one of them.",
    "",
    "Examples:",
    "  deno task pipeline start",
    "  deno task pipeline start production --detach",
    "  deno task pipeline status --watch",
    "",
    EXIT_CODES,
  ].join("\n");
}

/**
 * The help of one command.
 *
 * @param task the task that names the command and its argument itself, such as `pipeline:local`
 */
export function commandHelp(
  command: Command,
  manager: ComponentDeclaration,
  task?: string,
): string {
  const places = task === undefined ? command.arguments : [];
  return helpText({ ...command, arguments: places }, {
    usage: `deno task ${task ?? `pipeline ${usageOf(command)}`}`,
    rows: managerRows(command, manager),
    examples: command.examples.map((example) => inWordsOf(task, example)),
    exitCodes: EXIT_CODES,
  });
}

/** An example as whoever started the task would write it. */
function inWordsOf(task: string | undefined, example: string): string {
  return task === undefined
    ? example
    : example.replace(/deno task pipeline start( [a-z]+(?= |$))?/, `deno task ${task}`);
}

/** A command with its arguments. */
export function usageOf({ name, arguments: places }: Command): string {
  return [name, ...places.map((place) => `[${place.name}]`)].join(" ");
}

/** All flags of the manager's variables where it starts something, else only where to look. */
function managerRows(command: Command, manager: ComponentDeclaration): [string, string][] {
  const isStart = command.name === "start";
  return [...manager.variables.values()]
    .filter(({ name }) => isStart || name === "STATE_DIR")
    .map((variable) => [
      `${flagOf(variable.name)} VALUE`,
      isStart
        ? `${variable.description} ${
          sentence(describeRule(variable))
        } (default ${variable.default}).`
        : "folder of the pipeline's state (default ./.pipeline)",
    ]);
}

function sentence(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
