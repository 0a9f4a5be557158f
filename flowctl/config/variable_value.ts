import type { VariableDeclaration, VariableType } from "./variable_declaration.ts";

/**
 * A value in its type: durations are milliseconds, sizes are bytes, lists are texts, and
 * `undefined` is a variable that nothing sets.
 */
export type ConfigValue = string | number | boolean | readonly string[] | undefined;

/** Longest text of one value; no variable needs more, and a file pasted by mistake is refused. */
export const MAX_VALUE_LENGTH = 65_536;

const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const DURATION_PATTERN = /^([0-9]+)(ms|s|m|h)$/;
const BYTE_UNITS: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};
/** A name, an IPv4 address, or an IPv6 address in brackets; and a port. */
const ENDPOINT_PATTERN = /^(?:([a-zA-Z0-9.-]+)|\[([0-9a-fA-F:.]+)\]):([0-9]+)$/;

/**
 * Turns the text of a variable into its value.
 *
 * @returns the value, or `undefined` when the text breaks the variable's rules
 */
export function checkText(
  variable: VariableDeclaration,
  text: string,
): Exclude<ConfigValue, undefined> | undefined {
  if (text.length > MAX_VALUE_LENGTH || text.includes("\0")) return undefined;
  if (variable.type !== "list") return checkItem(variable, variable.type, text);
  const items = text.split(",").map((item) => item.trim()).filter((item) => item !== "");
  for (const item of items) {
    if (checkItem(variable, variable.items, item) === undefined) return undefined;
  }
  return items.length === 0 ? undefined : Object.freeze(items);
}

function checkItem(
  variable: VariableDeclaration,
  type: VariableType,
  text: string,
): string | number | boolean | undefined {
  if (variable.pattern !== undefined && !variable.pattern.test(text)) return undefined;
  const value = parseText(type, text, variable.values);
  if (typeof value !== "number") return value;
  const minimum = limit(variable.minimum, type);
  const maximum = limit(variable.maximum, type);
  if (minimum !== undefined && value < minimum) return undefined;
  if (maximum !== undefined && value > maximum) return undefined;
  return value;
}

function limit(text: string | undefined, type: VariableType): number | undefined {
  return text === undefined ? undefined : parseText(type, text, []) as number;
}

function parseText(
  type: VariableType,
  text: string,
  values: readonly string[],
): string | number | boolean | undefined {
  switch (type) {
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
    case "integer":
      return /^-?[0-9]+$/.test(text) && Number.isSafeInteger(Number(text))
        ? Number(text)
        : undefined;
    case "number":
      return /^-?[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : undefined;
    case "duration":
      return parseDuration(text);
    case "bytes":
      return scaled(text, /^([0-9]+) ?(B|KB|MB|GB|KiB|MiB|GiB|)$/, BYTE_UNITS);
    case "endpoint":
      return parseEndpoint(text) === undefined ? undefined : text;
    case "enum":
      return values.includes(text) ? text : undefined;
    case "string":
    case "path":
    case "list":
      return text;
  }
}

function scaled(
  text: string,
  pattern: RegExp,
  units: Readonly<Record<string, number>>,
): number | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const value = Number(match[1]) * units[match[2]!]!;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Milliseconds of a text such as `30s` or `500ms`; `undefined` when it is no time. */
export function parseDuration(text: string): number | undefined {
  return scaled(text, DURATION_PATTERN, DURATION_UNITS_MS);
}

/** Host and port of `host:port`; `undefined` when it is none or the port is not 1 to 65535. */
export function parseEndpoint(text: string): { host: string; port: number } | undefined {
  const match = ENDPOINT_PATTERN.exec(text);
  if (match === null) return undefined;
  const port = Number(match[3]);
  return port >= 1 && port <= 65_535 ? { host: (match[1] ?? match[2])!, port } : undefined;
}

/** In words what a variable allows, as the end of a sentence "must be …". */
export function describeRule(variable: VariableDeclaration): string {
  if (variable.type !== "list") return describeType(variable, variable.type);
  return `a comma-separated list, each ${describeType(variable, variable.items)}`;
}

function describeType(variable: VariableDeclaration, type: VariableType): string {
  if (variable.hint !== undefined) return variable.hint;
  switch (type) {
    case "boolean":
      return "true or false";
    case "integer":
      return `a whole number${describeRange(variable)}`;
    case "number":
      return `a number${describeRange(variable)}`;
    case "duration":
      return `a time in ms, s, m or h${describeRange(variable)}`;
    case "bytes":
      return `a size such as 4096, 64KiB or 16MiB${describeRange(variable)}`;
    case "endpoint":
      return "host:port with a port from 1 to 65535";
    case "path":
      return "a path";
    case "enum":
      return `one of ${variable.values.join(", ")}`;
    case "string":
    case "list":
      return variable.pattern === undefined
        ? "text"
        : `text that matches ${variable.pattern.source}`;
  }
}

function describeRange(variable: VariableDeclaration): string {
  const { minimum, maximum } = variable;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `, at least ${minimum}`;
  return maximum === undefined ? "" : `, at most ${maximum}`;
}
