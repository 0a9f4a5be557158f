/**
 * `deno task source|processor|sink|flowctl`: one component, or the control plane, with exactly the permissions of its
 * configuration. Tasks are fixed command lines, and what a component may read, write and reach
 * depends on its variables, so this resolves them first.
 */
import {
  type ComponentDeclaration,
  ConfigError,
  DEFAULT_PROFILE,
  environmentNames,
  loadConfig,
  parseCommandLine,
  PIPELINE_CHILD,
  PROGRAMS,
} from "../flowctl/mod.ts";
import {
  advertisedName,
  ALLOCATOR,
  componentCommand,
  listenAddress,
  mainModule,
  makeParentFolders,
  readDeclaration,
} from "./plan/mod.ts";
import { StopRequests } from "./process/mod.ts";

/** Exit code for a component that there is not, and for a configuration that cannot be used. */
const EXIT_CONFIGURATION = 2;

/**
 * The command line, after `deno`, with which a component runs as its arguments, its environment and
 * the files named there say. The component resolves the same again. Makes the folders that it may
 * not make itself.
 *
 * @throws {ConfigError} with every problem, as the component itself would tell them
 */
export async function taskCommand(
  declaration: ComponentDeclaration,
  args: readonly string[],
  env: { get(name: string): string | undefined },
): Promise<string[]> {
  const { help, version } = parseCommandLine(declaration, args);
  if (help || version) {
    const names = environmentNames(declaration).join(",");
    const main = mainModule(declaration.name);
    return ["run", "--quiet", "--no-prompt", `--allow-env=${names}`, main, ...args];
  }
  const files = new Set<string>();
  const isChild = env.get(PIPELINE_CHILD) === "1";
  const resolve = (all: readonly string[]) =>
    loadConfig({
      declaration,
      args: [...all],
      env,
      inPipeline: isChild,
      ...(isChild ? {} : { profile: DEFAULT_PROFILE }),
      readText: (path) => {
        // The component reads the same files, and may read no others.
        files.add(path);
        return Deno.readTextFileSync(path);
      },
    });
  const config = resolve(args);
  const listen = await listenAddress(config);
  const isName = listen !== config.string("BIND_ADDRESS");
  const name = advertisedName(declaration, config, listen);
  const settled = [
    ...args,
    ...isName ? ["--bind-address", listen] : [],
    ...name === undefined ? [] : ["--advertise-address", name],
  ];
  await makeParentFolders(declaration, config);
  return [...componentCommand(declaration, resolve(settled), [...files]), ...settled];
}

/** Runs a component to its end; answers the exit code. */
async function runTask(short: string | undefined, args: readonly string[]): Promise<number> {
  const component = PROGRAMS.find((each) => each.short === short);
  if (component === undefined) {
    const known = PROGRAMS.map((each) => each.short).join(", ");
    console.error(`"${short ?? ""}" is not a component: ${known}`);
    return EXIT_CONFIGURATION;
  }
  let command: string[];
  try {
    command = await taskCommand(await readDeclaration(component.name), args, Deno.env);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof ConfigError ? EXIT_CONFIGURATION : 1;
  }
  await using requests = new StopRequests();
  await requests.start();
  const child = new Deno.Command(Deno.execPath(), {
    args: command,
    env: ALLOCATOR,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  // The component stops in order at the first signal, and at once at the second.
  for (const signal of [requests.signal, requests.urgent]) {
    signal.addEventListener("abort", () => passOn(child, signal.reason), { once: true });
    if (signal.aborted) passOn(child, signal.reason);
  }
  return (await child.status).code;
}

/** Components stop at SIGINT and SIGTERM; whatever else asks for a stop is told as SIGTERM. */
function passOn(child: Deno.ChildProcess, reason: unknown): void {
  try {
    child.kill(reason === "SIGINT" ? reason : "SIGTERM");
  } catch (error) {
    // It ended by itself in between.
    if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
  }
}

if (import.meta.main) Deno.exit(await runTask(Deno.args[0], Deno.args.slice(1)));
