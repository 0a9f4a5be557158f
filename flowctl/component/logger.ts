import { maskSecrets } from "../config/mod.ts";
import type { Clock } from "./clock.ts";
import { describeError } from "./describe_error.ts";
import { LogRepeats } from "./log_repeats.ts";

/** Levels, least important first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
/** How important a record is. */
export type LogLevel = typeof LOG_LEVELS[number];
/** Lines for people, or an object a line for machines. */
export type LogFormat = "text" | "json";

/** Facts of a log record; errors are written as their sentence with causes. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes records of what happens; every record names the component and the ledger it is at. */
export interface Logger {
  /** What helps to find a mistake. */
  debug(message: string, fields?: LogFields): void;
  /** What an operator wants to know. */
  info(message: string, fields?: LogFields): void;
  /** What may need a person. */
  warn(message: string, fields?: LogFields): void;
  /** What stopped some work. */
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to each of its records. */
  child(fields: LogFields): Logger;
  /** Notes the ledger that the component is at, for all records from now on. */
  atLedger(ledger: number): void;
  /** A value that no record may show from now on. */
  addSecret(secret: string): void;
  /** Whether records of a level are written, for skipping costly fields. */
  enabled(level: LogLevel): boolean;
}

/** A logger that is no other's child. */
export interface RootLogger extends Logger {
  /** Tells what was left out as repeated until now; for the end of a process. */
  flush(): void;
}

/** What a logger is made of. */
export interface LoggerOptions {
  /** Named in each record. */
  readonly component: string;
  /** Less important records are not written. */
  readonly level: LogLevel;
  /** The form of the lines. */
  readonly format: LogFormat;
  /** For the time of each record. */
  readonly clock: Clock;
  /** Takes whole lines without their line end. */
  readonly write: (line: string) => void;
  /** Masked from the first record on. */
  readonly secrets?: readonly string[];
  /** The ledger that the component is at, where nobody has noted one; may throw. */
  readonly ledger?: () => number | null | undefined;
}

/** State that a logger and its children share. */
interface Shared {
  readonly options: LoggerOptions;
  readonly secrets: Set<string>;
  readonly repeats: LogRepeats;
  ledger: number | undefined;
  /** Whether the ledger is asked for now: whoever answers may want to write a record. */
  isAsking: boolean;
}

/** Secrets shorter than this are not masked: they would blank out ordinary words. */
const MIN_SECRET_LENGTH = 4;

/** Longest record; a longer one is cut, so that no input can flood the log. */
const MAX_RECORD_LENGTH = 16_384;

/**
 * A logger of whole lines, as text for people or as JSON for machines. A record that is repeated more
 * than a hundred times in a minute is counted, and the number told once.
 */
export function createLogger(options: LoggerOptions): RootLogger {
  const repeats = new LogRepeats(options.clock, (level, message, count) => {
    logger[level]("More of the same was left out of the log", { what: message, count });
  });
  const secrets = new Set<string>();
  const logger = new LineLogger(
    { options, secrets, repeats, ledger: undefined, isAsking: false },
    {},
  );
  for (const secret of options.secrets ?? []) logger.addSecret(secret);
  return logger;
}

class LineLogger implements RootLogger {
  readonly #shared: Shared;
  readonly #fields: LogFields;
  readonly #least: number;

  constructor(shared: Shared, fields: LogFields) {
    this.#shared = shared;
    this.#fields = fields;
    this.#least = LOG_LEVELS.indexOf(shared.options.level);
  }

  debug(message: string, fields?: LogFields): void {
    this.#write("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write("error", message, fields);
  }

  child(fields: LogFields): Logger {
    return new LineLogger(this.#shared, { ...this.#fields, ...fields });
  }

  atLedger(ledger: number): void {
    this.#shared.ledger = ledger;
  }

  addSecret(secret: string): void {
    if (secret.length >= MIN_SECRET_LENGTH) this.#shared.secrets.add(secret);
  }

  enabled(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= this.#least;
  }

  flush(): void {
    this.#shared.repeats.flush();
  }

  /** Where the component is: what was noted last, else what it says itself. */
  #ledger(): number | undefined {
    const shared = this.#shared;
    if (shared.ledger !== undefined || shared.isAsking) return shared.ledger;
    shared.isAsking = true;
    try {
      return shared.options.ledger?.() ?? undefined;
    } catch {
      // The record matters more than where it was written.
      return undefined;
    } finally {
      shared.isAsking = false;
    }
  }

  #write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    const { options, secrets, repeats } = this.#shared;
    if (!this.enabled(level) || !repeats.allows(level, message)) return;
    const ledger = this.#ledger();
    const time = new Date(options.clock.now()).toISOString();
    const facts = { ...(ledger === undefined ? {} : { ledger }), ...this.#fields, ...fields };
    const line = options.format === "json"
      ? jsonLine({ time, level, component: options.component, message }, facts)
      : textLine(time, level, options.component, message, facts);
    const masked = maskSecrets(line, secrets);
    options.write(masked.length > MAX_RECORD_LENGTH ? cut(masked, options.format) : masked);
  }
}

function jsonLine(head: LogFields, facts: LogFields): string {
  // The record's own names cannot be replaced by a field of the same name.
  return JSON.stringify({ ...head, ...facts, ...head }, (_key, value) => plain(value));
}

function textLine(
  time: string,
  level: LogLevel,
  component: string,
  message: string,
  facts: LogFields,
): string {
  let line = `${time} ${level.toUpperCase().padEnd(5)} ${component} ${oneLine(message)}`;
  for (const [name, value] of Object.entries(facts)) {
    if (value !== undefined) line += ` ${name}=${textValue(value)}`;
  }
  return line;
}

function textValue(value: unknown): string {
  const known = plain(value);
  const text = typeof known === "object"
    ? JSON.stringify(known, (_, v) => plain(v))
    : String(known);
  return /^[^\s"=]+$/.test(text) || typeof known === "object"
    ? oneLine(text)
    : JSON.stringify(text);
}

/** Values that JSON has no form for. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Error) return describeError(value);
  return value;
}

/** A record is one line whatever it says, so that no input can forge a second record. */
function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ");
}

function cut(line: string, format: LogFormat): string {
  if (format === "text") return `${line.slice(0, MAX_RECORD_LENGTH)}…`;
  const { time, level, component, message } = JSON.parse(line);
  const short = String(message).slice(0, MAX_RECORD_LENGTH / 2);
  return JSON.stringify({ time, level, component, message: short, cut: true });
}
