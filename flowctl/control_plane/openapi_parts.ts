// What descriptions in an OpenAPI document are put together from.

/** Any text. */
export const text = { type: "string" } as const;
/** Texts, in their order. */
export const texts = { type: "array", items: text } as const;
/** Texts by name. */
export const textMap = { type: "object", additionalProperties: text } as const;
/** A time in ISO 8601. */
export const time = { type: "string", format: "date-time" } as const;

/** An object with all of its properties always there. */
export function object(properties: Readonly<Record<string, unknown>>) {
  return { type: "object", required: Object.keys(properties), properties };
}

/** A schema by its name. */
export function reference(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}

/** Things of a schema, in their order. */
export function list(name: string) {
  return { type: "array", items: reference(name) };
}

/** A number, or null where it is not known. */
export function figure(description: string) {
  return { type: ["number", "null"], description };
}

/** The worst service of a figure, or null where none tells it. */
export function peak(description: string) {
  return { description, oneOf: [reference("Peak"), { type: "null" }] };
}

/** An answer with its schema. */
export function answer(description: string, schema: unknown, mediaType = "application/json") {
  return { description, content: { [mediaType]: { schema } } };
}

/** A path that is read. */
export function get(
  operationId: string,
  summary: string,
  responses: Readonly<Record<string, unknown>>,
  parameters: readonly unknown[] = [],
) {
  const asked = parameters.length === 0 ? {} : { parameters };
  return { get: { operationId, summary, ...asked, responses } };
}
