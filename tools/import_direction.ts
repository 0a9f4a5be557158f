import { type Import, importsBetween } from "./module_graph.ts";
import { repositoryFiles } from "./repository.ts";

/**
 * What each part of the house may import of the others. A part not named here (tests, benches,
 * tools) may import any part, and no part may import it.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  components: ["flight", "flowctl", "grpc", "stellar", "arrow"],
  flight: ["arrow", "grpc"],
  pipeline: ["flowctl"],
  flowctl: ["grpc"],
  grpc: [],
  stellar: [],
  arrow: [],
};

/** An import that breaks a rule. */
export interface Violation extends Import {
  readonly rule: string;
}

/** The part of the house a file belongs to: `components/NAME`, or its first folder. */
export function partOf(file: string): string {
  const folders = file.split("/").slice(0, -1);
  return folders[0] === "components" ? folders.slice(0, 2).join("/") : folders[0] ?? "";
}

/** Whether a part has rules of its own, and appears in the graph. */
export function isPart(part: string): boolean {
  return kindOf(part) in MAY_IMPORT;
}

/** The imports that break the direction or go past a folder's door, in the order given. */
export function violations(imports: readonly Import[]): Violation[] {
  const found: Violation[] = [];
  for (const { from, to } of imports) {
    const rule = brokenRule(from, to);
    if (rule !== undefined) found.push({ from, to, rule });
  }
  return found;
}

/** A violation as a line for people. */
export function violationLine(violation: Violation): string {
  return `${violation.from} imports ${violation.to}: ${violation.rule}`;
}

// Data files (a profile, a component.yaml) are no code: they have neither arrows nor a door.
function brokenRule(from: string, to: string): string | undefined {
  if (!isCode(to)) return undefined;
  return brokenDirection(partOf(from), partOf(to)) ?? brokenDoor(from, to);
}

function isCode(file: string): boolean {
  return /\.tsx?$/.test(file);
}

function brokenDirection(importer: string, imported: string): string | undefined {
  if (importer === imported) return undefined;
  if (!isPart(imported)) {
    return isPart(importer) ? `${importer} may not import ${imported || "the root"}` : undefined;
  }
  if (!isPart(importer)) return undefined;
  if (kindOf(importer) === "components" && kindOf(imported) === "components") {
    return "components do not import each other";
  }
  const allowed = MAY_IMPORT[kindOf(importer)] ?? [];
  if (allowed.includes(kindOf(imported))) return undefined;
  const instead = allowed.length > 0
    ? `only ${allowed.join(", ")}`
    : "no other part of the project";
  return `${importer} may import ${instead}`;
}

// A door is a folder's mod.ts.
function brokenDoor(from: string, to: string): string | undefined {
  const folder = to.slice(0, to.lastIndexOf("/") + 1);
  if (from.startsWith(folder) || to === `${folder}mod.ts`) return undefined;
  // Tests, benches and tools hold programs, not modules with a door: they may share a file.
  if (!isPart(partOf(to)) && partOf(from) === partOf(to)) return undefined;
  return `outside ${folder} only its mod.ts may be imported`;
}

function kindOf(part: string): string {
  return part.split("/")[0] ?? "";
}

/** All imports between the repository's own files. */
export async function repositoryImports(): Promise<Import[]> {
  const files = (await repositoryFiles()).filter(isCode);
  return await importsBetween(files);
}

/** Prints each violation and says whether there was none. */
export async function checkImportDirection(): Promise<boolean> {
  const found = violations(await repositoryImports());
  for (const violation of found) console.error(violationLine(violation));
  return found.length === 0;
}

if (import.meta.main) {
  if (!await checkImportDirection()) Deno.exit(1);
}
