import type { ComponentDeclaration } from "./component_declaration.ts";
import type { JsonSchema } from "./component_schema.ts";
import { builtInProfiles } from "./profile.ts";
import type { VariableDeclaration, VariableType } from "./variable_declaration.ts";
import { checkText, describeRule } from "./variable_value.ts";

type Declared = readonly [ComponentDeclaration, VariableDeclaration];

/**
 * The JSON Schema of profiles: every name that may be set, plain, with a component's prefix, or below
 * a component, with what the variable does and allows.
 */
export function profileSchema(declarations: readonly ComponentDeclaration[]): JsonSchema {
  const components = declarations.map((declaration) => [
    declaration.name,
    componentPart(declaration),
  ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Profile",
    description: "Values for a kind of use, such as developing or production.",
    type: "object",
    additionalProperties: false,
    properties: {
      extends: {
        type: "string",
        description: "The profile whose values this one starts from: " +
          `${builtInProfiles().join(", ")}, or the path of a file.`,
      },
      description: { type: "string", description: "What the profile is for." },
      variables: sharedPart(declarations),
      components: {
        type: ["object", "null"],
        description: "Values for one component; they beat those under variables.",
        additionalProperties: false,
        properties: Object.fromEntries(components),
      },
    },
  };
}

function sharedPart(declarations: readonly ComponentDeclaration[]): JsonSchema {
  const byName = new Map<string, Declared[]>();
  for (const declaration of declarations) {
    for (const variable of declaration.variables.values()) {
      const all = byName.get(variable.name) ?? [];
      byName.set(variable.name, [...all, [declaration, variable]]);
    }
  }
  const properties = [...byName].map(([name, declared]) => [name, mergedSchema(declared)]);
  const prefixed = [...byName].flatMap(([name, declared]) => {
    const prefixes = declared.filter(hasPlainOverride).map(([{ prefix }]) => prefix);
    if (prefixes.length === 0) return [];
    const $ref = `#/properties/variables/properties/${name}`;
    return [[`^(${prefixes.join("|")})_${name}$`, { $ref }]];
  });
  return {
    type: ["object", "null"],
    description: "Values for every component that declares the variable.",
    additionalProperties: false,
    properties: Object.fromEntries(properties),
    patternProperties: Object.fromEntries(prefixed),
  };
}

/** Whether the variable can be overridden by a name that is no entry of its own. */
function hasPlainOverride([declaration, { name, overrides }]: Declared): boolean {
  return overrides === undefined && !declaration.variables.has(`${declaration.prefix}_${name}`);
}

function componentPart(declaration: ComponentDeclaration): JsonSchema {
  const path = `#/properties/components/properties/${declaration.name}/properties`;
  const variables = [...declaration.variables.values()];
  const prefixed = variables
    .filter((variable) => hasPlainOverride([declaration, variable]))
    .map(({ name }) => [`^${declaration.prefix}_${name}$`, { $ref: `${path}/${name}` }]);
  return {
    type: ["object", "null"],
    description: declaration.description,
    additionalProperties: false,
    properties: Object.fromEntries(variables.map((variable) => [
      variable.name,
      { ...annotations([[declaration, variable]]), ...valueSchema(variable) },
    ])),
    patternProperties: Object.fromEntries(prefixed),
  };
}

/** One schema for a variable of several components. */
function mergedSchema(declared: readonly Declared[]): JsonSchema {
  const rules = new Map(declared.map(([, variable]) => {
    const schema = valueSchema(variable);
    return [JSON.stringify(schema), schema];
  }));
  const [only, ...others] = rules.values();
  return {
    ...annotations(declared),
    ...(others.length === 0 ? only : { anyOf: [only, ...others] }),
  };
}

/** What an editor shows beside the name. */
function annotations(declared: readonly Declared[]): JsonSchema {
  const descriptions = new Set(declared.map(([, variable]) => variable.description));
  const [first] = declared;
  const description = descriptions.size === 1
    ? first![1].description
    : declared.map(([{ name }, variable]) => `${name}: ${variable.description}`).join("\n");
  const defaults = new Set(declared.map(([, variable]) => variable.default));
  const fallback = defaults.size === 1 ? first![1].default : undefined;
  return {
    description: `${description}\nMust be ${describeRule(first![1])}.`,
    ...(fallback === undefined ? {} : { default: typed(first![1], fallback) }),
  };
}

/** A text as YAML would read it. */
function typed(variable: VariableDeclaration, text: string): unknown {
  const isPlain = ["boolean", "integer", "number"].includes(variable.type);
  return isPlain ? checkText(variable, text) : text;
}

/** What YAML types a variable may be written in, and which texts. Empty is not set, so allowed. */
const FORMS: Readonly<Record<VariableType, { types: readonly string[]; pattern?: string }>> = {
  string: { types: ["string", "number", "boolean"] },
  path: { types: ["string", "number", "boolean"] },
  boolean: { types: ["boolean", "string"], pattern: "true|false" },
  integer: { types: ["integer", "string"], pattern: "-?[0-9]+" },
  number: { types: ["number", "string"], pattern: "-?[0-9]+(\\.[0-9]+)?" },
  duration: { types: ["string"], pattern: "[0-9]+(ms|s|m|h)" },
  bytes: { types: ["integer", "string"], pattern: "[0-9]+ ?(B|KB|MB|GB|KiB|MiB|GiB)?" },
  endpoint: { types: ["string"], pattern: "([a-zA-Z0-9.-]+|\\[[0-9a-fA-F:.]+\\]):[0-9]+" },
  enum: { types: ["string"] },
  list: { types: ["array", "string"] },
};

function valueSchema(variable: VariableDeclaration): JsonSchema {
  const { type, items, values } = variable;
  if (type === "enum") return { enum: [...values, "", null] };
  if (type !== "list") return itemSchema(variable, type);
  const item = items === "enum" ? { enum: values } : itemSchema(variable, items);
  return { type: [...FORMS.list.types, "null"], items: item };
}

function itemSchema(variable: VariableDeclaration, type: VariableType): JsonSchema {
  const { types, pattern } = FORMS[type];
  const own = variable.pattern?.source ?? (pattern === undefined ? undefined : `^(${pattern})$`);
  return {
    type: [...types, "null"],
    ...(own === undefined ? {} : { pattern: `^$|${own}` }),
    ...limits(variable, type),
  };
}

/** The limits as far as a schema can tell them: of numbers, and that a time is not zero. */
function limits(variable: VariableDeclaration, type: VariableType): JsonSchema {
  const value = (text: string | undefined) =>
    text === undefined ? undefined : checkText(variable, text) as number;
  const [minimum, maximum] = [value(variable.minimum), value(variable.maximum)];
  if (type === "duration") {
    return minimum === undefined || minimum <= 0 ? {} : { not: { pattern: "^0+[a-z]+$" } };
  }
  if (type !== "integer" && type !== "number" && type !== "bytes") return {};
  return {
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}
