import {
  childEnvironment,
  type ComponentDeclaration,
  ConfigError,
  type ConfigProblem,
  describeProblem,
  nearMisses,
  pipelineHost,
  portConflicts,
  type Profile,
  resolveConfig,
  type ResolvedConfig,
  upstreamTlsProblems,
  upstreamVariable,
} from "../../flowctl/mod.ts";
import { ALLOCATOR, componentCommand } from "./component_command.ts";
import type { Launch, ReadyLine } from "../process/mod.ts";
import { listenAddress } from "./listen_address.ts";
import type { Stage } from "../supervision/mod.ts";

/** Names that other programs have given their meaning, though they resemble a variable of ours. */
const KNOWN_ELSEWHERE: readonly string[] = ["SSL_CERT_FILE"];

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
  /** The IP address that BIND_ADDRESS means. */
  readonly listen: string;
}

/** The whole pipeline, resolved. With problems it must not be started. */
export interface PipelinePlan {
  readonly components: readonly PlannedComponent[];
  /** A sentence for each thing that is wrong, over all components. */
  readonly problems: readonly string[];
  /** A sentence for each name that looks like a mistake. */
  readonly warnings: readonly string[];
}

/** Resolves the configuration of all components and collects everything that is wrong. */
export async function planPipeline(
  declarations: readonly ComponentDeclaration[],
  options: PlanOptions,
): Promise<PipelinePlan> {
  const problems = new Set<string>();
  // The same variable of several components is wrong in the same way: it is said once.
  const note = (found: readonly ConfigProblem[]) => {
    for (const problem of found) problems.add(describeProblem(problem));
  };
  const components: PlannedComponent[] = [];
  for (const declaration of declarations) {
    const resolution = resolveOne(declaration, options);
    note(resolution.problems);
    const { config } = resolution;
    let listen = config.optionalString("BIND_ADDRESS") ?? "";
    try {
      // One that breaks its rule has been noted already.
      if (listen !== "") listen = await listenAddress(config);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      note(error.problems);
    }
    components.push({ declaration, config, listen });
  }
  note(portConflicts(components));
  note(upstreamTlsProblems(components));
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
    host: pipelineHost(component.listen, false)!,
    launch: (before) => launch(component, plan.components[at - 1], before, options),
  }));
}

function launch(
  { declaration, config, listen }: PlannedComponent,
  upstream: PlannedComponent | undefined,
  before: ReadyLine | undefined,
  options: PlanOptions,
): Launch {
  const { prefix } = declaration;
  const variable = upstreamVariable(declaration);
  const port = before?.ports.flight;
  const settled: Record<string, string> = { [`${prefix}_BIND_ADDRESS`]: listen };
  if (variable !== undefined && upstream !== undefined && port !== undefined) {
    if (config.optionalString(variable) === undefined) {
      const tls = config.isSet("TLS_CA_FILE");
      // With TLS the name of the certificate counts, without it the address that is open.
      const bind = tls ? upstream.config.string("BIND_ADDRESS") : upstream.listen;
      settled[`${prefix}_${variable}`] = `${pipelineHost(bind, tls)}:${port}`;
    }
  }
  const resolved = withSettled(declaration, options, settled);
  return {
    component: declaration.name,
    command: Deno.execPath(),
    args: componentCommand(declaration, resolved),
    env: { ...ALLOCATOR, ...childEnvironment(declaration, resolved), PIPELINE_CHILD: "1" },
  };
}

// The permissions follow from the configuration, so the addresses become part of it.
function withSettled(
  declaration: ComponentDeclaration,
  options: PlanOptions,
  settled: Readonly<Record<string, string>>,
): ResolvedConfig {
  const env = {
    get: (key: string) => settled[key] ?? options.env.get(key),
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
