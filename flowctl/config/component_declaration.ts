import type { DeclarationReader } from "./declaration_reader.ts";
import { readYaml } from "./read_yaml.ts";
import type { VariableDeclaration } from "./variable_declaration.ts";
import { checkConditions, readOverride, readVariable } from "./_variable_reader.ts";

/**
 * Where in the pipeline a component stands. The control plane and the pipeline's manager stand
 * beside it, and declare their variables in the same form.
 */
export type ComponentType = "SOURCE" | "PROCESSOR" | "SINK" | "CONTROL_PLANE" | "MANAGER";

/** A component as its component.yaml declares it: the one place that names its variables. */
export interface ComponentDeclaration {
  /** For example `stellar-arrow-source`. */
  readonly name: string;
  /** What it does, as a sentence. */
  readonly description: string;
  /** Where it stands. */
  readonly type: ComponentType;
  /** Its own version. */
  readonly version: string;
  /** Variable prefix that overrides for this component alone: `STELLAR_ARROW_SOURCE`. */
  readonly prefix: string;
  /** Name of a port (`flight`, `health`) to the variable that sets it; a manager has none. */
  readonly ports: Readonly<Record<string, string>>;
  /** What it reads, in the names of the control plane. */
  readonly inputEventTypes: readonly string[];
  /** What it serves, in the names of the control plane. */
  readonly outputEventTypes: readonly string[];
  /** Path of the health answer on the health port; empty for a manager, which serves none. */
  readonly healthEndpoint: string;
  /** By name, in the order of the file. */
  readonly variables: ReadonlyMap<string, VariableDeclaration>;
}

/** A component.yaml or profile that does not follow its format; the message names file, line and path. */
export class DeclarationError extends Error {
  /** The class's name. */
  override readonly name = "DeclarationError";
  /** Tells this error from others. */
  readonly code = "DECLARATION";

  /**
   * Tells all problems of one file.
   *
   * @param file the name as the user knows it
   * @param problems each with line and path
   */
  constructor(readonly file: string, readonly problems: readonly string[], options?: ErrorOptions) {
    super(`${file}: ${problems.join("; ")}`, options);
  }
}

/** All component types, those of the data first. */
export const COMPONENT_TYPES: readonly ComponentType[] = [
  "SOURCE",
  "PROCESSOR",
  "SINK",
  "CONTROL_PLANE",
  "MANAGER",
];
/** What a component.yaml may say. */
export const COMPONENT_KEYS = [
  "name",
  "description",
  "type",
  "version",
  "ports",
  "input_event_types",
  "output_event_types",
  "health_endpoint",
  "variables",
];

/** `stellar-arrow-source` has the prefix `STELLAR_ARROW_SOURCE`. */
export function prefixOf(component: string): string {
  return component.toUpperCase().replaceAll("-", "_");
}

/**
 * Reads a component.yaml and checks all of it.
 *
 * @param text the file's content
 * @param file its name, for errors
 * @throws {DeclarationError} with every problem found
 */
export function parseDeclaration(text: string, file = "component.yaml"): ComponentDeclaration {
  const { root, problems } = readYaml(text, "typed");
  // What could not be read at all has no keys to speak of.
  if (problems.length > 0) throw new DeclarationError(file, problems);
  root.onlyKeys(COMPONENT_KEYS);
  const name = root.text("name", { pattern: /^[a-z][a-z0-9-]*$/, hint: "lower-case-with-dashes" });
  const variables = readVariables(root, prefixOf(name));
  const type = root.choice("type", COMPONENT_TYPES);
  const declaration: ComponentDeclaration = {
    name,
    description: root.text("description"),
    type,
    version: root.text("version", { pattern: /^\d+\.\d+\.\d+/, hint: "a version such as 1.2.3" }),
    prefix: prefixOf(name),
    ports: root.textMap("ports"),
    inputEventTypes: root.scalarList("input_event_types"),
    outputEventTypes: root.scalarList("output_event_types"),
    healthEndpoint: readHealthEndpoint(root, type),
    variables,
  };
  if (type !== "MANAGER" && Object.keys(declaration.ports).length === 0) {
    root.problem("ports", "must name the variable of each port, such as { health: HEALTH_PORT }");
  }
  for (const [port, variable] of Object.entries(declaration.ports)) {
    if (variables.has(variable)) continue;
    root.child("ports").problem(port, `"${variable}" is not a declared variable`);
  }
  if (problems.length > 0) throw new DeclarationError(file, problems);
  return deepFreeze(declaration);
}

function readVariables(
  root: DeclarationReader,
  prefix: string,
): Map<string, VariableDeclaration> {
  const entries = [...root.items("variables")];
  const isOverride = (entry: DeclarationReader) => entry.has("overrides");
  const own = new Map<string, VariableDeclaration>();
  const read = new Map<DeclarationReader, VariableDeclaration>();
  // What an override overrides may stand behind it.
  for (const entry of entries) {
    const variable = isOverride(entry) ? undefined : readVariable(entry);
    if (variable === undefined) continue;
    read.set(entry, variable);
    own.set(variable.name, variable);
  }
  const variables = new Map<string, VariableDeclaration>();
  for (const entry of entries) {
    const variable = isOverride(entry) ? readOverride(entry, prefix, own) : read.get(entry);
    if (variable === undefined) continue;
    if (variables.has(variable.name)) entry.problem("name", `"${variable.name}" is declared twice`);
    variables.set(variable.name, variable);
  }
  for (const [entry, variable] of read) checkConditions(entry, variable, variables);
  return variables;
}

/** A manager serves nothing, so it may leave its health out. */
function readHealthEndpoint(root: DeclarationReader, type: ComponentType): string {
  const rule = { pattern: /^\//, hint: "a path such as /health" };
  if (type === "MANAGER") return root.optionalText("health_endpoint", rule) ?? "";
  return root.text("health_endpoint", rule);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    const inner = value instanceof Map ? value.values() : Object.values(value);
    for (const child of inner) if (!(child instanceof RegExp)) deepFreeze(child);
  }
  return value;
}
