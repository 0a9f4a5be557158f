import { COMPONENT_TYPES } from "./component_declaration.ts";
import { VARIABLE_TYPES } from "./variable_declaration.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [key: string]: unknown };

const TEXT = { type: "string", minLength: 1 };
const SCALAR = { type: ["string", "number", "boolean"] };
const SCALARS = { type: "array", items: SCALAR };
const VARIABLE_NAME = { type: "string", pattern: "^[A-Z][A-Z0-9_]*$" };

const described = (schema: JsonSchema, description: string) => ({ ...schema, description });

const PERMISSION_CONDITION = {
  description: "true, or other variables with the values under which it is given.",
  oneOf: [{ const: true }, { type: "object", additionalProperties: SCALARS }],
};

const PERMISSION = {
  type: ["object", "null"],
  description: "What the value of the variable lets the process do.",
  additionalProperties: false,
  properties: {
    listen: PERMISSION_CONDITION,
    connect: PERMISSION_CONDITION,
    read: PERMISSION_CONDITION,
    write: PERMISSION_CONDITION,
  },
};

const OVERRIDE = {
  type: "object",
  required: ["name", "overrides", "description", "since"],
  additionalProperties: false,
  properties: {
    name: described(VARIABLE_NAME, "The component's prefix and the name of the other variable."),
    overrides: described(
      VARIABLE_NAME,
      "The variable that is overridden for this component alone.",
    ),
    description: TEXT,
    since: TEXT,
  },
};

const needsValues = (key: string) => ({
  if: { required: [key], properties: { [key]: { const: "enum" } } },
  then: { required: ["values"], properties: { values: { minItems: 1 } } },
});

const VARIABLE = {
  type: "object",
  required: ["name", "description", "type", "group", "since"],
  additionalProperties: false,
  properties: {
    name: described(VARIABLE_NAME, "In capitals, without the component's prefix."),
    description: described(TEXT, "What it does, as a sentence."),
    type: { enum: VARIABLE_TYPES, description: "What its text must be." },
    items: {
      enum: VARIABLE_TYPES.filter((type) => type !== "list"),
      description: "The type of each item of a list.",
    },
    values: described(SCALARS, "What an enum, or a list of an enum, allows."),
    default: described(SCALAR, "The value where nothing sets the variable."),
    pattern: { type: "string", description: "A regular expression that the text must match." },
    hint: { type: "string", description: "In words what the pattern asks for: must be …" },
    minimum: described(SCALAR, "Smallest value allowed."),
    maximum: described(SCALAR, "Largest value allowed."),
    required: { type: "boolean", description: "The component cannot start without it." },
    secret: { type: "boolean", description: "The value is never shown." },
    example: described(SCALAR, "A correct value; not needed where there is a default."),
    group: described(TEXT, "Heading under which help and guide show it."),
    since: described(TEXT, "Version that brought the variable."),
    permission: PERMISSION,
    per_component: {
      type: "boolean",
      description: "In a pipeline only the form with the component's prefix counts.",
    },
  },
  anyOf: [
    { required: ["default"] },
    { required: ["example"] },
    { required: ["values"], properties: { values: { minItems: 1 } } },
  ],
  allOf: [needsValues("type"), needsValues("items")],
};

/** The JSON Schema of component.yaml: what the loader refuses by its form, an editor marks. */
export function componentSchema(): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "component.yaml",
    description: "A component and everything that can be set on it.",
    type: "object",
    required: ["name", "description", "type", "version", "variables"],
    additionalProperties: false,
    properties: {
      name: {
        type: "string",
        pattern: "^[a-z][a-z0-9-]*$",
        description: "Such as stellar-arrow-source; the prefix of its variables follows from it.",
      },
      description: described(TEXT, "What the component does, as a sentence."),
      type: { enum: COMPONENT_TYPES, description: "Where in the pipeline it stands." },
      version: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+", description: "Its own version." },
      ports: {
        type: ["object", "null"],
        additionalProperties: VARIABLE_NAME,
        description: "Name of each port to the variable that sets it.",
      },
      input_event_types: described(SCALARS, "What it reads, in the names of the control plane."),
      output_event_types: described(SCALARS, "What it serves, in the names of the control plane."),
      health_endpoint: {
        type: "string",
        pattern: "^/",
        description: "Path of the health answer on the health port.",
      },
      variables: {
        type: "array",
        items: { if: { required: ["overrides"] }, then: OVERRIDE, else: VARIABLE },
        description: "Everything that can be set on it, in the order of help and guide.",
      },
    },
    if: { required: ["type"], properties: { type: { const: "MANAGER" } } },
    else: {
      required: ["ports", "health_endpoint"],
      properties: { ports: { type: "object", minProperties: 1 } },
    },
  };
}
