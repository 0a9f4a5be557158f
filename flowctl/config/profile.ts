import { dirname, resolve } from "@std/path";
import developmentText from "../../profiles/development.yaml" with { type: "text" };
import flowctlText from "../../profiles/flowctl.yaml" with { type: "text" };
import localText from "../../profiles/local.yaml" with { type: "text" };
import productionText from "../../profiles/production.yaml" with { type: "text" };
import { readYaml } from "./read_yaml.ts";
import { DeclarationError } from "./component_declaration.ts";
import { nearestName } from "./near_miss.ts";
import type { OriginPlace } from "./origin.ts";

/** Values for a kind of use, such as developing or production; those it extends are merged in. */
export interface Profile {
  /** Name of a built-in profile or path of the user's own. */
  readonly name: string;
  /** What the profile is for. */
  readonly description: string;
  /** Names of the profiles that are merged in, the nearest first; absent when there are none. */
  readonly bases?: readonly string[];
  /** For every component that declares the variable. */
  readonly variables: Readonly<Record<string, string>>;
  /** For one component; these beat `variables`. */
  readonly components: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Where each value is written, by its path (see {@linkcode profilePath}); absent when not read. */
  readonly places?: ReadonlyMap<string, OriginPlace>;
}

/** The path of keys to a variable in a profile: `variables.PORT`, `components.<component>.PORT`. */
export function profilePath(name: string, component?: string): string {
  return component === undefined ? `variables.${name}` : `components.${component}.${name}`;
}

/** The profile that commands use where the user names none. */
export const DEFAULT_PROFILE = "local";

/** What a profile may say. */
export const PROFILE_KEYS = ["extends", "description", "variables", "components"];

/** Longest chain of `extends`; longer ones are a mistake. */
const MAX_EXTENDS = 8;

/** Profiles that ship with the product, by name. */
const BUILT_IN: Readonly<Record<string, string>> = {
  local: localText,
  flowctl: flowctlText,
  development: developmentText,
  production: productionText,
};

/** Names of the profiles that ship with the product. */
export function builtInProfiles(): string[] {
  return Object.keys(BUILT_IN);
}

/**
 * Loads a profile by name, or by path when it holds a `/` or ends in .yaml, .yml.
 *
 * @param readText reads a file; the default needs read permission for it
 * @throws {DeclarationError} when it is unknown, cannot be read, or breaks the format
 */
export function loadProfile(
  nameOrPath: string,
  readText: (path: string) => string = Deno.readTextFileSync,
): Profile {
  return loadChain(nameOrPath, undefined, readText, []);
}

function loadChain(
  nameOrPath: string,
  from: string | undefined,
  readText: (path: string) => string,
  chain: readonly string[],
): Profile {
  const isPath = /[/\\]|\.ya?ml$/i.test(nameOrPath);
  // A path that a profile extends is meant from where that profile lies.
  const key = isPath && from !== undefined ? resolve(dirname(from), nameOrPath) : nameOrPath;
  if (chain.includes(key) || chain.length >= MAX_EXTENDS) {
    throw new DeclarationError(key, [`extends itself: ${[...chain, key].join(" → ")}`]);
  }
  const profile = parseProfile(isPath ? read(key, readText) : builtIn(key), key);
  if (profile.extends === undefined) return profile;
  const base = loadChain(profile.extends, isPath ? key : undefined, readText, [...chain, key]);
  const components: Record<string, Record<string, string>> = {};
  for (
    const name of new Set([...Object.keys(base.components), ...Object.keys(profile.components)])
  ) {
    components[name] = { ...base.components[name], ...profile.components[name] };
  }
  return {
    name: profile.name,
    description: profile.description,
    bases: [base.name, ...(base.bases ?? [])],
    variables: { ...base.variables, ...profile.variables },
    components,
    places: new Map([...base.places ?? [], ...profile.places ?? []]),
  };
}

function builtIn(name: string): string {
  const text = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  if (text !== undefined) return text;
  const known = Object.keys(BUILT_IN);
  const near = nearestName(name, known);
  const hint = near === undefined ? "known" : `did you mean ${near}? Known`;
  throw new DeclarationError(name, [
    `no such profile; ${hint} are ${known.join(", ")}, or name a file such as ./my-profile.yaml`,
  ]);
}

function read(path: string, readText: (path: string) => string): string {
  try {
    return readText(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DeclarationError(path, [`the profile cannot be read: ${reason}`], { cause: error });
  }
}

/**
 * Reads one profile file without following `extends`.
 *
 * @throws {DeclarationError} with every problem
 */
export function parseProfile(text: string, file: string): Profile & { readonly extends?: string } {
  // A value stays as it is written: as a number, 9007199254740993 would be another one.
  const { root, problems } = readYaml(text, "text");
  root.onlyKeys(PROFILE_KEYS);
  const base = root.optionalText("extends");
  const description = root.optionalText("description") ?? "";
  const shared = root.child("variables");
  const variables = shared.variables();
  const parts = root.child("components");
  const components = Object.fromEntries(
    parts.keys().map((name) => [name, parts.child(name).variables()]),
  );
  if (problems.length > 0) throw new DeclarationError(file, problems);
  const places = new Map<string, OriginPlace>();
  const place = (path: string, line: number) => places.set(path, { path, line, source: file });
  for (const name of Object.keys(variables)) place(profilePath(name), shared.lineOf(name));
  for (const component of Object.keys(components)) {
    const part = parts.child(component);
    place(`components.${component}`, parts.lineOf(component));
    for (const name of part.keys()) place(profilePath(name, component), part.lineOf(name));
  }
  return {
    name: file,
    description,
    variables,
    components,
    places,
    ...(base === undefined ? {} : { extends: base }),
  };
}
