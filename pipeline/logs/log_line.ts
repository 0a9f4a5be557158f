import { LOG_LEVELS, type LogLevel } from "../../flowctl/mod.ts";

/** A line of a component as a log file keeps it. */
export interface LogLine {
  /** When the manager got it, in milliseconds since 1970. */
  readonly atMs: number;
  /** Who said it, by the name on the screen: `source`, `pipeline`. */
  readonly name: string;
  /** The level of its record; a line that is no record has that of the record before it. */
  readonly level: LogLevel;
  readonly text: string;
}

/** A stored line: the time at which it came, and what was said. */
const STORED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (.*)$/s;

/** A record of the text log: time, level, component. */
const TEXT_RECORD = /^\d{4}-\d\d-\d\dT\S+Z (DEBUG|INFO|WARN|ERROR) /;

/** The first line of a start-up display: name and version. What an earlier run ended with is over. */
const START_UP = /^[a-z][a-z0-9-]* \d+\.\d+\.\d+\S*$/;

/** What Deno itself prints when a process dies of an error. */
const CRASH = /^(error|panic|fatal|thread '.*' panicked)\b/i;

/** Reads the lines of one log, in their order. Text without a time belongs to the line before. */
export class LogLineParser {
  readonly #name: string;
  #atMs = 0;
  #level: LogLevel = "info";

  constructor(name: string) {
    this.#name = name;
  }

  parse(stored: string): LogLine {
    const match = STORED.exec(stored);
    if (match !== null) this.#atMs = Date.parse(match[1]!);
    const text = match?.[2] ?? stored;
    this.#level = levelOf(text) ?? this.#level;
    return { atMs: this.#atMs, name: this.#name, level: this.#level, text };
  }
}

/** The level of a record in either form of the log; `undefined` when the text is no record. */
export function levelOf(text: string): LogLevel | undefined {
  const word = TEXT_RECORD.exec(text)?.[1] ?? jsonLevel(text);
  if (word !== undefined) return LOG_LEVELS.find((level) => level === word.toLowerCase());
  if (CRASH.test(text)) return "error";
  return START_UP.test(text) ? "info" : undefined;
}

function jsonLevel(text: string): string | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const { level } = JSON.parse(text) as Record<string, unknown>;
    return typeof level === "string" ? level : undefined;
  } catch {
    return undefined;
  }
}
