import type { TextSink } from "./text_sink.ts";

/** The exit codes of all commands. */
export const EXIT = {
  /** Done, finished or stopped in order. */
  ok: 0,
  /** Failed. */
  failed: 1,
  /** Wrong command line or configuration. */
  usage: 2,
  /** Nothing is there to be told of: no pipeline is running, no service is registered. */
  nothing: 3,
} as const;

/** An option of a command. */
export interface CommandOption {
  /** Without its dashes. */
  readonly flag: string;
  /** How its value is called in the help; an option without one is there or not. */
  readonly value?: string;
  /** Whether it may be given several times. */
  readonly repeats?: boolean;
  readonly help: string;
}

/** An argument of a command, by its place. All arguments can be left out. */
export interface CommandArgument {
  readonly name: string;
  readonly help: string;
}

/** What was written on a command line, once it is known to be understood. */
export interface CommandLine {
  readonly arguments: readonly string[];
  /** Values of the options, by flag; an option without value has none. */
  readonly options: ReadonlyMap<string, readonly string[]>;
  /** Variables set by `--set` or by a flag of the program's own variables. */
  readonly settings: ReadonlyMap<string, string>;
}

/** What surrounds a command; tests replace it. */
export interface CommandContext {
  readonly sink: TextSink;
  readonly env: {
    get(name: string): string | undefined;
    toObject(): Record<string, string>;
  };
  /** Aborts when the command is asked to end, as by Ctrl-C; commands that watch end in order. */
  readonly signal: AbortSignal;
}

/** One command of a program. */
export interface Command {
  readonly name: string;
  /** What it does, as a line. */
  readonly summary: string;
  readonly arguments: readonly CommandArgument[];
  readonly options: readonly CommandOption[];
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** More that its help tells, as lines. */
  readonly notes?: readonly string[];
  /** Answers the exit code. */
  run(line: CommandLine, context: CommandContext): Promise<number>;
}

/** The first value of an option. */
export function optionOf(line: CommandLine, flag: string): string | undefined {
  return line.options.get(flag)?.[0];
}

/** Whether an option is there. */
export function has(line: CommandLine, flag: string): boolean {
  return line.options.has(flag);
}

/** Answers as JSON. */
export const JSON_OPTION: CommandOption = { flag: "json", help: "answer as JSON, for programs" };

/** Writes a line. */
export function say({ sink }: CommandContext, text: string): void {
  sink.write(`${text}\n`);
}

/** Whether what a command shows may have colours. */
export function hasColours({ sink, env }: CommandContext): boolean {
  return sink.isTerminal && (env.get("NO_COLOR") ?? "") === "";
}
