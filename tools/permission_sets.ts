/**
 * Writes the permission sets of deno.json: what a component needs that is started directly
 * (`deno task sink`), so without knowing its configuration: loopback on any port, the default
 * folders, the declared variables. The manager gives exact flags instead.
 */
import { join } from "@std/path";
import {
  type ComponentDeclaration,
  environmentNames,
  parseDeclaration,
  permissionFlags,
  PRODUCT_COMPONENTS,
  resolveConfig,
} from "../flowctl/mod.ts";
import { workerCode } from "../pipeline/mod.ts";
import { ROOT } from "./repository.ts";

/** One set as deno.json holds it. */
export interface PermissionSet {
  readonly net?: boolean | readonly string[];
  readonly read?: boolean | readonly string[];
  readonly write?: boolean | readonly string[];
  readonly env?: boolean | readonly string[];
  readonly run?: boolean;
}

/** Hosts that direct tasks may use, on any port. */
const LOOPBACK = ["127.0.0.1", "localhost"];

/** Sets of programs that are not components. */
const PROGRAMS: Readonly<Record<string, PermissionSet>> = {
  // It starts and signals processes, asks their health wherever they are bound, and keeps its state
  // and logs where the user says.
  manager: { run: true, read: true, write: true, env: true, net: true },
  // These read and write whatever the user names, and nothing else.
  "ttp-events": { read: true },
  simulate: { read: true, write: true },
};

/** All permission sets, by name. */
export async function permissionSets(): Promise<Record<string, PermissionSet>> {
  const sets: Record<string, PermissionSet> = {};
  for (const { name, short } of PRODUCT_COMPONENTS) {
    const file = `components/${name}/component.yaml`;
    sets[short] = directSet(parseDeclaration(await Deno.readTextFile(join(ROOT, file)), file));
  }
  return { ...sets, ...PROGRAMS };
}

function directSet(declaration: ComponentDeclaration): PermissionSet {
  const { config } = resolveConfig({
    declaration,
    env: { get: () => undefined },
    profile: "local",
  });
  const readFiles = workerCode(declaration.name).map((folder) => `./${folder}`);
  const flags = permissionFlags(declaration, config, { readFiles });
  const values = (kind: string) =>
    flags.find((flag) => flag.startsWith(`--allow-${kind}=`))?.split("=")[1]?.split(",") ?? [];
  const [read, write] = [values("read"), values("write")];
  return {
    net: LOOPBACK,
    ...(read.length > 0 ? { read } : {}),
    ...(write.length > 0 ? { write } : {}),
    env: environmentNames(declaration),
  };
}

if (import.meta.main) {
  const path = join(ROOT, "deno.json");
  const config = JSON.parse(await Deno.readTextFile(path));
  config.permissions = await permissionSets();
  await Deno.writeTextFile(path, JSON.stringify(config, null, 2) + "\n");
}
