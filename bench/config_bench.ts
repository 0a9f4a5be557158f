/**
 * Configuration, under the ceilings of bench/ceilings.json: a look-up must stay below 1 µs, the validation of a component below 5 ms, a
 * switch of profiles below 100 ms; also with 100 and more variables.
 */
import {
  type ComponentDeclaration,
  loadConfig,
  loadProfile,
  parseDeclaration,
  PRODUCT_COMPONENTS,
  resolveConfig,
} from "../flowctl/mod.ts";

/** Variables added to a declaration, to show what many of them cost. */
const MANY = 120;

const texts = PRODUCT_COMPONENTS.map(({ name }) =>
  Deno.readTextFileSync(new URL(`../components/${name}/component.yaml`, import.meta.url))
);
const declarations = texts.map((text) => parseDeclaration(text));
const many = withMany(texts[0]!);
const env = { get: (name: string) => name === "LOG_LEVEL" ? "warn" : undefined };

function withMany(text: string): ComponentDeclaration {
  let more = "";
  for (let i = 0; i < MANY; i++) {
    more += `\n  - { name: MORE_${i}, description: d, type: duration, default: 5s, minimum: 1s, ` +
      "group: More, since: 1.0.0 }";
  }
  return parseDeclaration(text + more);
}

const config = loadConfig({ declaration: declarations[0]!, env, profile: "local" });

Deno.bench({ name: "config: look-up of an integer", group: "configuration" }, () => {
  config.integer("BATCH_SIZE");
});

Deno.bench({ name: "config: look-up of a text", group: "configuration" }, () => {
  config.string("SOURCE_TYPE");
});

Deno.bench({ name: "config: resolve and validate a component", group: "configuration" }, () => {
  loadConfig({ declaration: declarations[0]!, env, profile: "local" });
});

Deno.bench({ name: "config: resolve and validate 100+ variables", group: "configuration" }, () => {
  loadConfig({ declaration: many, env, profile: "local" });
});

const wrong = { get: (name: string) => name === "LOG_LEVEL" ? undefined : "?" };

Deno.bench({ name: "config: tell all problems of a component", group: "configuration" }, () => {
  resolveConfig({ declaration: declarations[0]!, env: wrong, profile: "production" });
});

Deno.bench({ name: "config: read and check a component.yaml", group: "configuration" }, () => {
  parseDeclaration(texts[0]!);
});

Deno.bench({
  name: "config: switch the profile of all components, there and back",
  group: "configuration",
}, () => {
  for (const name of ["development", "flowctl"]) {
    const profile = loadProfile(name);
    for (const declaration of declarations) loadConfig({ declaration, env, profile });
  }
});
