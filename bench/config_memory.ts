/**
 * Memory of a component's configuration, measured on many copies of it with the garbage collected:
 *
 *     deno run -A --v8-flags=--expose-gc bench/config_memory.ts
 *
 * `declaration` is all that validation needs, the text of component.yaml and the defaults included;
 * `defaults` is what these take of it; `configuration` is the resolved result.
 */
import {
  builtInProfiles,
  loadConfig,
  loadProfile,
  parseDeclaration,
  PRODUCT_COMPONENTS,
} from "../flowctl/mod.ts";

/** Bytes that one component takes. */
export interface ConfigMemory {
  readonly component: string;
  readonly declaration: number;
  readonly defaults: number;
  readonly configuration: number;
}

/** Copies of each thing: one alone is lost in what the engine does beside it. */
const COPIES = 200;

/** How often the garbage is collected until what is left is steady. */
const COLLECTIONS = 4;

function measure(component: string): ConfigMemory {
  const file = new URL(`../components/${component}/component.yaml`, import.meta.url);
  const text = Deno.readTextFileSync(file);
  const profile = loadProfile(builtInProfiles().at(-1)!);
  const env = { get: (name: string) => name === "SOURCE_TYPE" ? "filesystem" : undefined };
  const resolve = (declaration: ReturnType<typeof parseDeclaration>) =>
    loadConfig({ declaration, env, profile });
  const first = parseDeclaration(text);
  // Patterns are compiled at their first use, and belong to what validation needs.
  const declaration = perCopy(() => {
    const copy = parseDeclaration(text);
    resolve(copy);
    return copy;
  });
  const texts = [...first.variables.values()].map((each) => [each.name, each.default ?? ""]);
  // Out of JSON each text is one of its own, not a piece of the file's.
  const json = JSON.stringify(texts);
  const defaults = perCopy(() => new Map<string, string>(JSON.parse(json)));
  const configuration = perCopy(() => resolve(first));
  return { component, declaration, defaults, configuration };
}

function perCopy(make: () => unknown): number {
  // The first ones also make what all copies share.
  const kept: unknown[] = Array.from({ length: 3 }, make);
  const before = usedBytes();
  for (let copy = 0; copy < COPIES; copy++) kept.push(make());
  const used = usedBytes() - before;
  if (kept.length !== COPIES + 3) throw new Error("the copies are gone");
  return Math.round(used / COPIES);
}

function usedBytes(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("run with --v8-flags=--expose-gc");
  for (let round = 0; round < COLLECTIONS; round++) gc();
  return Deno.memoryUsage().heapUsed;
}

if (import.meta.main) {
  console.log(JSON.stringify(PRODUCT_COMPONENTS.map(({ name }) => measure(name))));
}
