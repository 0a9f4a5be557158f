import { type ComponentDeclaration, parseDeclaration } from "./component_declaration.ts";
import { PRODUCT_COMPONENTS } from "./product_components.ts";

/** A declaration with one variable of each type, for tests. */
export const TEST_YAML = `
name: test-arrow-component
description: For tests.
type: PROCESSOR
version: 1.2.3
ports: { flight: PORT, health: HEALTH_PORT }
health_endpoint: /health
input_event_types: [a]
output_event_types: [b]
variables:
  - { name: SIZE, description: d, type: integer, default: 10, minimum: 1, maximum: 100, group: A, since: 1.0.0 }
  - { name: RATIO, description: d, type: number, default: 0.5, maximum: 1, group: A, since: 1.0.0 }
  - { name: STRICT, description: d, type: boolean, default: false, group: A, since: 1.0.0 }
  - { name: WAIT, description: d, type: duration, default: 10s, minimum: 1s, group: A, since: 1.0.0 }
  - { name: MEMORY, description: d, type: bytes, default: 1MiB, group: A, since: 1.0.0 }
  - { name: SOURCE_ENDPOINT, description: d, type: list, items: endpoint, example: "localhost:1", permission: { connect: true }, group: A, since: 1.0.0 }
  - { name: FOLDER, description: d, type: path, default: ./data, permission: { read: true, write: { MODE: [make] } }, group: A, since: 1.0.0 }
  - { name: MODE, description: d, type: enum, values: [read, make], default: read, group: A, since: 1.0.0 }
  - { name: KINDS, description: d, type: list, items: enum, values: [x, y], example: "x,y", group: A, since: 1.0.0 }
  - { name: TOKEN, description: d, type: string, secret: true, pattern: "^[a-z]+$", example: sesame, group: A, since: 1.0.0 }
  - { name: PORT, description: d, type: integer, default: 8816, maximum: 65535, permission: { listen: true }, per_component: true, group: B, since: 1.0.0 }
  - { name: HEALTH_PORT, description: d, type: integer, default: 8089, maximum: 65535, permission: { listen: true }, per_component: true, group: B, since: 1.0.0 }
  - { name: BIND_ADDRESS, description: d, type: string, default: 127.0.0.1, group: B, since: 1.0.0 }
`;

/** The declaration of {@linkcode TEST_YAML}. */
export function testDeclaration(): ComponentDeclaration {
  return parseDeclaration(TEST_YAML, "test.yaml");
}

/** An environment of these variables. */
export function environmentOf(variables: Record<string, string>) {
  return { get: (name: string): string | undefined => variables[name] };
}

/** A declaration of one component of the product. */
export function productDeclaration(component: string): ComponentDeclaration {
  const url = new URL(`../../components/${component}/component.yaml`, import.meta.url);
  return parseDeclaration(Deno.readTextFileSync(url), component);
}

/** Names of the product's components, in the order of the pipeline. */
export const COMPONENT_NAMES: readonly string[] = PRODUCT_COMPONENTS.map(({ name }) => name);
