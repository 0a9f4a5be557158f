import type { ComponentDeclaration } from "./component_declaration.ts";
import { type Origin, ORIGIN_KINDS, type OriginPlace } from "./origin.ts";

/**
 * Set by the pipeline manager beside the values that it hands to a component: where the user set them,
 * as JSON. Without it every value would seem to come from the environment of the component.
 */
export const PIPELINE_ORIGINS = "PIPELINE_ORIGINS";

/**
 * Longest text of origins, in UTF-16 units: three bytes each at most, which is below the 128 KiB that
 * Linux allows one variable. All variables of a component with long paths need less than a half.
 */
export const MAX_ORIGINS_LENGTH = 32_768;

/** Origins by name of the variable; defaults are left out. */
export type HandedOrigins = ReadonlyMap<string, Origin>;

/**
 * The text of {@linkcode PIPELINE_ORIGINS}: names, files and lines, and no values. Origins that would
 * make it too long are left out; their values then seem to come from the environment.
 *
 * @param origin of a variable that has a value
 */
export function handedOriginsText(
  names: Iterable<string>,
  origin: (name: string) => Origin,
): string {
  const entries: string[] = [];
  let length = "{}".length;
  for (const name of names) {
    const found = origin(name);
    if (found.kind === "default") continue;
    const entry = `${JSON.stringify(name)}:${JSON.stringify(found)}`;
    if (length + entry.length + 1 > MAX_ORIGINS_LENGTH) continue;
    entries.push(entry);
    length += entry.length + 1;
  }
  return `{${entries.join(",")}}`;
}

/**
 * Reads {@linkcode PIPELINE_ORIGINS}; what is no origin is passed over, as it only words messages.
 *
 * @param declaration of the component, whose variables alone count
 */
export function readHandedOrigins(declaration: ComponentDeclaration, text: string): HandedOrigins {
  const origins = new Map<string, Origin>();
  if (text.length > MAX_ORIGINS_LENGTH) return origins;
  for (const [name, value] of Object.entries(parseObject(text))) {
    if (declaration.variables.has(name) && isOrigin(value)) origins.set(name, value);
  }
  return origins;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isOrigin(value: unknown): value is Origin {
  return isObject(value) && ORIGIN_KINDS.some((kind) => kind === value.kind) &&
    typeof value.name === "string" &&
    (value.source === undefined || typeof value.source === "string") &&
    (value.place === undefined || isPlace(value.place));
}

function isPlace(value: unknown): value is OriginPlace {
  return isObject(value) && typeof value.path === "string" && typeof value.line === "number" &&
    typeof value.source === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
