import { fromFileUrl } from "@std/path";
import {
  childEnvironment,
  type ComponentDeclaration,
  describeProblem,
  nearMisses,
  parseDeclaration,
  permissionFlags,
  portConflicts,
  type Profile,
  resolveConfig,
  type ResolvedConfig,
  upstreamVariable,
} from "../flowctl/mod.ts";
import type { Launch, ReadyLine } from "./component_process.ts";
import type { Stage } from "./supervisor.ts";
import { workerCode } from "./worker_code.ts";

/** The components in the order of the data. */
const COMPONENTS = [
  "stellar-arrow-source",
  "ttp-arrow-processor",
  "arrow-analytics-sink",
] as const;

/** Names that other programs have given their meaning, though they resemble a variable of ours. */
const KNOWN_ELSEWHERE: readonly string[] = ["SSL_CERT_FILE"];

/**
 * Tells glibc's allocator to give buffers of a MiB and more back when they are freed. Left alone it keeps
 * them, in pieces, for each thread: 80 MiB more in the processor after some hundred large ledgers
 * (docs/performance.md). Other allocators do not look at it.
 */
const ALLOCATOR = { MALLOC_MMAP_THRESHOLD_: String(1024 * 1024) };

/** Where the configuration of the whole pipeline comes from. */
export interface PlanOptions {
  readonly env: { get(name: string): string | undefined; toObject(): Record<string, string> };
  readonly profile: string | Profile;
  /** Path of a `--config` file. */
  readonly configFile?: string;
}

/** A component with its configuration, ready to be started. */
export interface PlannedComponent {
  readonly declaration: ComponentDeclaration;
  readonly config: ResolvedConfig;
}

/** The whole pipeline, resolved. With problems it must not be started. */
export interface PipelinePlan {
  readonly components: readonly PlannedComponent[];
  /** A sentence for each thing that is wrong, over all components. */
  readonly problems: readonly string[];
  /** A sentence for each name that looks like a mistake. */
  readonly warnings: readonly string[];
}

/** Reads the declarations of the components from their folders. */
export async function readDeclarations(): Promise<ComponentDeclaration[]> {
  return await Promise.all(COMPONENTS.map(async (name) => {
    const path = repositoryPath(`components/${name}/component.yaml`);
    return parseDeclaration(await Deno.readTextFile(path), path);
  }));
}

/** Resolves the configuration of all components and collects everything that is wrong. */
export function planPipeline(
  declarations: readonly ComponentDeclaration[],
  options: PlanOptions,
): PipelinePlan {
  const problems = new Set<string>();
  const components = declarations.map((declaration) => {
    const { config, problems: found } = resolveOne(declaration, options);
    // The same variable of several components is wrong in the same way: it is said once.
    for (const problem of found) problems.add(describeProblem(problem));
    return { declaration, config };
  });
  for (const problem of portConflicts(components)) problems.add(describeProblem(problem));
  const names = Object.keys(options.env.toObject()).filter((name) =>
    !KNOWN_ELSEWHERE.includes(name)
  );
  const misses = nearMisses(declarations, names);
  return {
    components,
    problems: [...problems],
    warnings: misses.map(({ name, nearest }) =>
      `${name} is set but no component knows it; did you mean ${nearest}?`
    ),
  };
}

/** The components as stages: each is told the address of the one before unless the user named one. */
export function stagesOf(plan: PipelinePlan, options: PlanOptions): Stage[] {
  return plan.components.map((component, at) => ({
    component: component.declaration.name,
    host: reachable(component.config.string("BIND_ADDRESS")),
    launch: (before) => launch(component, plan.components[at - 1], before, options),
  }));
}

function launch(
  { declaration, config }: PlannedComponent,
  upstream: PlannedComponent | undefined,
  before: ReadyLine | undefined,
  options: PlanOptions,
): Launch {
  const variable = upstreamVariable(declaration);
  const port = before?.ports.flight;
  let resolved = config;
  if (variable !== undefined && upstream !== undefined && port !== undefined) {
    if (config.optionalString(variable) === undefined) {
      const address = `${reachable(upstream.config.string("BIND_ADDRESS"))}:${port}`;
      resolved = withUpstream(declaration, options, `${declaration.prefix}_${variable}`, address);
    }
  }
  return {
    component: declaration.name,
    command: Deno.execPath(),
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      ...permissionFlags(declaration, resolved, {
        readFiles: workerCode(declaration.name).map(repositoryPath),
      }),
      repositoryPath(`components/${declaration.name}/main.ts`),
    ],
    env: { ...ALLOCATOR, ...childEnvironment(declaration, resolved), PIPELINE_CHILD: "1" },
  };
}

// The permissions follow from the configuration, so the address becomes part of it.
function withUpstream(
  declaration: ComponentDeclaration,
  options: PlanOptions,
  name: string,
  address: string,
): ResolvedConfig {
  const env = {
    get: (key: string) => key === name ? address : options.env.get(key),
    toObject: () => options.env.toObject(),
  };
  return resolveOne(declaration, { ...options, env }).config;
}

function resolveOne(declaration: ComponentDeclaration, options: PlanOptions) {
  return resolveConfig({
    declaration,
    env: options.env,
    profile: options.profile,
    inPipeline: true,
    ...(options.configFile === undefined ? {} : { configFile: options.configFile }),
  });
}

/** The address under which this machine reaches a listener. */
function reachable(bindAddress: string): string {
  if (bindAddress === "0.0.0.0") return "127.0.0.1";
  if (bindAddress === "::") return "[::1]";
  return bindAddress.includes(":") ? `[${bindAddress}]` : bindAddress;
}

function repositoryPath(path: string): string {
  return fromFileUrl(new URL(`../${path}`, import.meta.url));
}
