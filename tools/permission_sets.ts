/**
 * Writes the tasks that start a component directly under a profile (`deno task sink:production`), and
 * their permission sets, into deno.json. A task is a fixed command line that knows no configuration
 * but its profile, so its set allows loopback on any port, the folders and the control plane of the
 * profile, and the declared variables. The manager and `deno task sink` give exact flags instead.
 */
import { join } from "@std/path";
import {
  builtInProfiles,
  type ComponentDeclaration,
  environmentNames,
  isLoopback,
  parseDeclaration,
  parseEndpoint,
  permissionFlags,
  PRODUCT_COMPONENTS,
  resolveConfig,
} from "../flowctl/mod.ts";
import { cliEnvironment } from "../flowctl/cli/mod.ts";
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

/** Sets of programs that no component.yaml declares. */
const UNDECLARED: Readonly<Record<string, PermissionSet>> = {
  // It starts and signals processes, asks their health wherever they are bound, and keeps its state
  // and logs where the user says.
  manager: { run: true, read: true, write: true, env: true, net: true },
  // These read and write whatever the user names, and nothing else.
  "ttp-events": { read: true },
  simulate: { read: true, write: true },
  // These connect to the control plane that the user names, with the certificates and the token
  // that the user names, and start and write nothing.
  "flowctl-cli": { net: true, read: true, env: cliEnvironment() },
};

/** All permission sets, by name. */
export async function permissionSets(): Promise<Record<string, PermissionSet>> {
  const sets: Record<string, PermissionSet> = {};
  for (const { folder, short } of PRODUCT_COMPONENTS) {
    const file = `${folder}/component.yaml`;
    const declaration = parseDeclaration(await Deno.readTextFile(join(ROOT, file)), file);
    for (const profile of builtInProfiles()) {
      sets[`${short}-${profile}`] = directSet(declaration, profile);
    }
  }
  return { ...sets, ...UNDECLARED };
}

/** The tasks that run a component with one of its sets, by name. */
export function directTasks(): Record<string, { description: string; command: string }> {
  const tasks: ReturnType<typeof directTasks> = {};
  for (const { folder, short } of PRODUCT_COMPONENTS) {
    for (const profile of builtInProfiles()) {
      tasks[`${short}:${profile}`] = {
        description: `The ${short} alone on this machine, under the profile ${profile}`,
        command: `deno run -q --no-prompt -P=${short}-${profile} ${folder}/main.ts ` +
          `--profile ${profile}`,
      };
    }
  }
  return tasks;
}

function directSet(declaration: ComponentDeclaration, profile: string): PermissionSet {
  // A variable that the profile leaves to the operator permits nothing here.
  const { config } = resolveConfig({ declaration, env: { get: () => undefined }, profile });
  const readFiles = workerCode(declaration.name).map((folder) => `./${folder}`);
  const flags = permissionFlags(declaration, config, { readFiles });
  const values = (kind: string) =>
    flags.find((flag) => flag.startsWith(`--allow-${kind}=`))?.split("=")[1]?.split(",") ?? [];
  const [net, read, write] = [values("net"), values("read"), values("write")];
  const isAway = (address: string) => !isLoopback(parseEndpoint(address)?.host ?? address);
  return {
    net: [...LOOPBACK, ...net.filter(isAway)],
    ...(read.length > 0 ? { read } : {}),
    ...(write.length > 0 ? { write } : {}),
    env: environmentNames(declaration),
  };
}

if (import.meta.main) {
  const path = join(ROOT, "deno.json");
  const config = JSON.parse(await Deno.readTextFile(path));
  config.permissions = await permissionSets();
  Object.assign(config.tasks, directTasks());
  await Deno.writeTextFile(path, JSON.stringify(config, null, 2) + "\n");
}
