import type { Command } from "./command.ts";

/** Columns that a help fills at most. */
const MAX_WIDTH = 100;

/** What the help of a command tells beside the command itself. */
export interface HelpParts {
  /** How the command is started, without its options. */
  readonly usage: string;
  /** What else can be written or set, with what it means. */
  readonly rows: readonly (readonly [string, string])[];
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** What the exit codes mean, as whole lines. */
  readonly exitCodes: string;
}

/** The help of one command. */
export function helpText(
  { summary, arguments: places, options, notes }: Omit<Command, "run">,
  { usage, rows: more, examples, exitCodes }: HelpParts,
): string {
  const rows: (readonly [string, string])[] = [
    ...places.map(({ name, help }) => [name, help] as const),
    ...options.map(({ flag, value, help }) =>
      [value === undefined ? `--${flag}` : `--${flag} ${value}`, help] as const
    ),
    ...more,
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `${summary}.`,
    "",
    `Usage: ${usage}${options.length > 0 ? " [options]" : ""}`,
    "",
    ...rows.flatMap(([name, help]) => hung(name.padEnd(width), help)),
    ...notes === undefined ? [] : ["", ...notes],
    "",
    "Examples:",
    ...examples.map((example) => `  ${example}`),
    "",
    exitCodes,
  ].join("\n");
}

/** A name with a text beside it, which goes on below itself where it is long. */
export function hung(name: string, text: string): string[] {
  const lines = [`  ${name}  `];
  const indent = " ".repeat(name.length + 4);
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    const isFirst = line.length === indent.length;
    if (isFirst || line.length + 1 + word.length <= MAX_WIDTH) {
      lines[lines.length - 1] = isFirst ? line + word : `${line} ${word}`;
    } else lines.push(indent + word);
  }
  return lines;
}
