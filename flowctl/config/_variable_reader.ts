import type { DeclarationReader } from "./declaration_reader.ts";
import { checkText } from "./variable_value.ts";
import {
  type PermissionCondition,
  VARIABLE_TYPES,
  type VariableDeclaration,
  type VariablePermission,
} from "./variable_declaration.ts";

/** What an entry of `variables` may say. */
export const VARIABLE_KEYS = [
  "name",
  "description",
  "type",
  "items",
  "values",
  "default",
  "pattern",
  "hint",
  "minimum",
  "maximum",
  "required",
  "secret",
  "example",
  "group",
  "since",
  "permission",
  "per_component",
];
/** What an entry of `variables` that overrides another one may say. */
export const OVERRIDE_KEYS = ["name", "overrides", "description", "since"];
/** What the value of a variable may permit. */
export const PERMISSION_KEYS = ["listen", "connect", "read", "write"] as const;

/** Reads one entry of `variables`, and checks that its own default and example keep its rules. */
export function readVariable(entry: DeclarationReader): VariableDeclaration | undefined {
  entry.onlyKeys(VARIABLE_KEYS);
  const name = entry.text("name", { pattern: /^[A-Z][A-Z0-9_]*$/, hint: "UPPER_CASE" });
  const type = entry.choice("type", VARIABLE_TYPES);
  if (name === "" || !VARIABLE_TYPES.includes(type)) return undefined;
  const items = type === "list" && entry.has("items")
    ? entry.choice("items", VARIABLE_TYPES)
    : "string";
  if (items === "list") entry.problem("items", "a list of lists cannot be written in a variable");
  const values = entry.scalarList("values");
  if ((type === "enum" || items === "enum") && values.length === 0) {
    entry.problem("values", "an enum must say what it allows");
  }
  const fallback = entry.optionalScalar("default");
  const example = entry.optionalScalar("example") ?? fallback ?? values[0];
  if (example === undefined) entry.problem("example", "is missing");
  const pattern = readPattern(entry);
  const hint = entry.optionalText("hint");
  const minimum = entry.optionalScalar("minimum");
  const maximum = entry.optionalScalar("maximum");
  const variable: VariableDeclaration = {
    name,
    description: entry.text("description"),
    type,
    items: items === "list" ? "string" : items,
    values,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(hint === undefined ? {} : { hint }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    required: entry.flag("required"),
    secret: entry.flag("secret"),
    example: example ?? "",
    group: entry.text("group"),
    since: entry.text("since"),
    permission: readPermission(entry),
    perComponent: entry.flag("per_component"),
  };
  checkOwnValues(entry, variable);
  return variable;
}

/**
 * Reads an entry of `variables` that overrides another one for this component alone.
 *
 * @param prefix the component's
 * @param variables those that can be overridden
 */
export function readOverride(
  entry: DeclarationReader,
  prefix: string,
  variables: ReadonlyMap<string, VariableDeclaration>,
): VariableDeclaration | undefined {
  entry.onlyKeys(OVERRIDE_KEYS);
  const overrides = entry.text("overrides");
  const name = entry.text("name");
  const description = entry.text("description");
  const since = entry.text("since");
  const base = variables.get(overrides);
  if (base === undefined) {
    if (overrides !== "") entry.problem("overrides", `"${overrides}" is not a declared variable`);
    return undefined;
  }
  const expected = `${prefix}_${overrides}`;
  if (name !== expected) {
    if (name !== "") entry.problem("name", `"${name}" must be ${expected}, as it overrides it`);
    return undefined;
  }
  const { default: _, ...rules } = base;
  return { ...rules, name, description, since, required: false, permission: {}, overrides };
}

function readPattern(entry: DeclarationReader): RegExp | undefined {
  const text = entry.optionalText("pattern");
  if (text === undefined) return undefined;
  try {
    return new RegExp(text, "u");
  } catch {
    entry.problem("pattern", `"${text}" is not a regular expression`);
    return undefined;
  }
}

function readPermission(entry: DeclarationReader): VariablePermission {
  const reader = entry.child("permission");
  reader.onlyKeys(PERMISSION_KEYS);
  const permission: { -readonly [K in keyof VariablePermission]: PermissionCondition } = {};
  for (const key of PERMISSION_KEYS) {
    const value = reader.raw(key);
    if (value === undefined) continue;
    if (value === true) {
      permission[key] = true;
      continue;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      reader.problem(key, "must be true, or a mapping of variables to the values that permit it");
      continue;
    }
    const condition = reader.child(key);
    permission[key] = Object.fromEntries(
      condition.keys().map((variable) => [variable, condition.scalarList(variable)]),
    );
  }
  return permission;
}

/** Conditions of permissions name other variables: those must be declared, and take the values. */
export function checkConditions(
  entry: DeclarationReader,
  variable: VariableDeclaration,
  variables: ReadonlyMap<string, VariableDeclaration>,
): void {
  for (const [kind, condition] of Object.entries(variable.permission)) {
    if (condition === true) continue;
    const reader = entry.child("permission").child(kind);
    for (const [name, values] of Object.entries<readonly string[]>(condition)) {
      const other = variables.get(name);
      if (other === undefined) reader.problem(name, `"${name}" is not a declared variable`);
      else {
        for (const value of values.filter((text) => checkText(other, text) === undefined)) {
          reader.problem(name, `"${value}" is no value of ${name}`);
        }
      }
    }
  }
}

function checkOwnValues(entry: DeclarationReader, variable: VariableDeclaration): void {
  const limits = { minimum: variable.minimum, maximum: variable.maximum };
  for (const [key, text] of Object.entries({ ...limits, default: variable.default })) {
    if (text === undefined) continue;
    if (checkText(variable, text) === undefined) {
      entry.problem(key, `"${text}" does not keep the variable's own rules`);
    }
  }
  if (variable.example !== "" && checkText(variable, variable.example) === undefined) {
    entry.problem("example", `"${variable.example}" does not keep the variable's own rules`);
  }
}
