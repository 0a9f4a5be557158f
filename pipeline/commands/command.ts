import type { TextSink } from "../display/mod.ts";

/** The exit codes of all commands. */
export const EXIT = {
  /** Done, finished or stopped in order. */
  ok: 0,
  /** Failed. */
  failed: 1,
  /** Wrong command line or configuration. */
  usage: 2,
  /** No pipeline is running. */
  notRunning: 3,
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
  /** Variables set by `--set` or by a flag of the manager's own variables. */
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

/** One command of the pipeline manager. */
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

/** Options that several commands have. */
export const CONFIG_OPTIONS: readonly CommandOption[] = [
  { flag: "config", value: "FILE", help: "file with variables: NAME=value lines, or YAML" },
  {
    flag: "set",
    value: "NAME=VALUE",
    repeats: true,
    help: "set a variable of a component; before anything else that sets it",
  },
];

/** Where the state folder may be named, for commands that look for a run. */
export const FIND_OPTIONS: readonly CommandOption[] = [
  { flag: "profile", value: "NAME", help: "profile that names the state folder (STATE_DIR)" },
  { flag: "config", value: "FILE", help: "file that names it" },
];

/** Names a profile where it is no argument. */
export const PROFILE_OPTION: CommandOption = {
  flag: "profile",
  value: "NAME",
  help: "name of a profile or path of a file (default: local)",
};

/** Answers as JSON. */
export const JSON_OPTION: CommandOption = { flag: "json", help: "answer as JSON, for programs" };

/** Writes a line. */
export function say({ sink }: CommandContext, text: string): void {
  sink.write(`${text}\n`);
}

/** Ends what was watched: a terminal has written `^C` at the cursor, and the prompt needs a line. */
export function endWatching({ sink }: CommandContext): void {
  if (sink.isTerminal) sink.write("\n");
}
