import {
  askServing,
  childEnvironment,
  type ComponentDeclaration,
  ConfigError,
  type ConfigProblem,
  describeProblem,
  isLoopback,
  nearestName,
  parseEndpoint,
  pipelineHost,
  portConflicts,
  type Profile,
  type Resolution,
  resolveConfig,
  type ResolvedConfig,
  unknownNameWarnings,
  upstreamTlsProblems,
  upstreamVariable,
} from "../../flowctl/mod.ts";
import type { Launch, ReadyLine } from "../process/mod.ts";
import { askHealth, type Stage } from "../supervision/mod.ts";
import { ALLOCATOR, componentCommand } from "./component_command.ts";
import { listenAddress } from "./listen_address.ts";

/** Where the configuration of the whole pipeline comes from. */
export interface PlanOptions {
  readonly env: { get(name: string): string | undefined; toObject(): Record<string, string> };
  readonly profile: string | Profile;
  /** Path of a `--config` file. */
  readonly configFile?: string;
  /** What `--set` sets, by name. */
  readonly settings?: ReadonlyMap<string, string>;
  /** Full names of the components that are meant; all where it is absent. */
  readonly components?: readonly string[];
}

/** Whatever is declared and resolved: a component, or the manager itself. */
export interface PlannedConfig {
  readonly declaration: ComponentDeclaration;
  readonly config: ResolvedConfig;
}

/** A component with its configuration, ready to be started. */
export interface PlannedComponent extends PlannedConfig {
  /** What it was resolved with beside environment, file and profile. */
  readonly settings: ReadonlyMap<string, string>;
  /** The IP address that BIND_ADDRESS means. */
  readonly listen: string;
}

/** The whole pipeline, resolved. With problems it must not be started. */
export interface PipelinePlan {
  readonly components: readonly PlannedComponent[];
  /** The control plane of the run, where one may be started. */
  readonly controlPlane?: PlannedComponent;
  /** The manager's own variables. */
  readonly manager: PlannedConfig;
  /** A sentence for each thing that is wrong, over all components. */
  readonly problems: readonly string[];
  /** A sentence for each name that looks like a mistake. */
  readonly warnings: readonly string[];
}

/** The declarations of everything that belongs to a pipeline. */
export interface PipelineDeclarations {
  readonly manager: ComponentDeclaration;
  readonly controlPlane: ComponentDeclaration;
  /** In the order of the data. */
  readonly components: readonly ComponentDeclaration[];
}

/**
 * Resolves the configuration of the manager and of all components and collects everything that is
 * wrong.
 */
export async function planPipeline(
  programs: PipelineDeclarations,
  options: PlanOptions,
): Promise<PipelinePlan> {
  const { manager, components: declarations } = programs;
  const problems = new Set<string>();
  // The same variable of several components is wrong in the same way: it is said once.
  const note = (found: readonly ConfigProblem[]) => {
    for (const problem of found) problems.add(describeProblem(problem));
  };
  const own = resolveOne(manager, options);
  note(own.problems);
  const warnings = new Set(own.warnings.map(describeProblem));
  const components: PlannedComponent[] = [];
  const chosen = declarations.filter(({ name }) => options.components?.includes(name) ?? true);
  for (const declaration of chosen) {
    const resolution = resolveOne(declaration, options);
    note(resolution.problems);
    for (const warning of resolution.warnings) warnings.add(describeProblem(warning));
    const settings = options.settings ?? new Map();
    const { planned, problems: found } = await planOne(declaration, resolution.config, settings);
    note(found);
    components.push(planned);
  }
  const controlPlane = await planControlPlane(
    programs.controlPlane,
    own.config,
    components,
    options,
  );
  if (controlPlane !== undefined) note(controlPlane.problems);
  const started = controlPlane === undefined ? components : [controlPlane.planned, ...components];
  note(portConflicts(started));
  note(upstreamTlsProblems(components));
  const all = [manager, programs.controlPlane, ...declarations];
  const environment = Object.keys(options.env.toObject());
  for (const sentence of unknownSettings(all, options.settings)) problems.add(sentence);
  return {
    components,
    ...(controlPlane === undefined ? {} : { controlPlane: controlPlane.planned }),
    manager: { declaration: manager, config: own.config },
    problems: [...problems],
    warnings: [...warnings, ...unknownNameWarnings(all, { ...options, environment })],
  };
}

/** The components as stages: each is told the address of the one before unless the user named one. */
export function stagesOf(plan: PipelinePlan, options: PlanOptions): Stage[] {
  return plan.components.map((component, at) => ({
    component: component.declaration.name,
    isEssential: component.declaration.type !== "CONTROL_PLANE",
    launch: (before, earlier) =>
      launch(component, plan.components[at - 1], before, earlier, options),
    askHealth: ({ ports }, signal) => askHealth(healthHost(component), ports.health ?? 0, signal),
    isServing: async ({ ports }, signal) => {
      if (!canBeAsked(component)) return true;
      const endpoint = grpcEndpoint(component, grpcPort(ports) ?? 0);
      return (await askServing(endpoint, component.config, signal)).status === "SERVING";
    },
  }));
}

/** Where the health port of a component is asked. */
export function healthHost({ listen }: PlannedComponent): string {
  return pipelineHost(listen, false)!;
}

/** The port of a component's gRPC server: Flight, or that of the control plane. */
export function grpcPort(ports: Readonly<Record<string, number>>): number | undefined {
  return ports.flight ?? ports.grpc;
}

/** Where the gRPC server of a component is reached on this machine, as `host:port`. */
export function grpcEndpoint({ config, listen }: PlannedComponent, port: number): string {
  // With TLS the name of the certificate counts, without it the address that is open.
  const tls = config.isSet("TLS_CERT_FILE");
  const bind = tls ? config.string("BIND_ADDRESS") : listen;
  return `${pipelineHost(bind, tls) ?? bind}:${port}`;
}

/** Whether the gRPC server can be asked: without the authority nobody here can check its certificate. */
export function canBeAsked({ config }: PlannedComponent): boolean {
  return !config.isSet("TLS_CERT_FILE") || config.isSet("TLS_CA_FILE");
}

function launch(
  { declaration, config, settings, listen }: PlannedComponent,
  upstream: PlannedComponent | undefined,
  before: ReadyLine | undefined,
  earlier: ReadyLine | undefined,
  options: PlanOptions,
): Launch {
  const { prefix } = declaration;
  const variable = upstreamVariable(declaration);
  const port = before?.ports.flight;
  const settled: Record<string, string> = { [`${prefix}_BIND_ADDRESS`]: listen };
  if (variable !== undefined && upstream !== undefined && port !== undefined) {
    if (!config.isSet(variable)) {
      settled[`${prefix}_${variable}`] = grpcEndpoint(upstream, port);
    }
  }
  // Whoever reads from it, and the permissions of those, know the port of its first life.
  for (const [name, portVariable] of Object.entries(declaration.ports)) {
    const known = earlier?.ports[name];
    if (known !== undefined) settled[`${prefix}_${portVariable}`] = String(known);
  }
  // The permissions follow from the configuration, so the addresses become part of it.
  const whole = new Map([...settings, ...Object.entries(settled)]);
  const resolved = resolveOne(declaration, { ...options, settings: whole }).config;
  return {
    component: declaration.name,
    command: Deno.execPath(),
    args: componentCommand(declaration, resolved),
    env: { ...ALLOCATOR, ...childEnvironment(declaration, resolved), PIPELINE_CHILD: "1" },
  };
}

async function planOne(
  declaration: ComponentDeclaration,
  config: ResolvedConfig,
  settings: ReadonlyMap<string, string>,
): Promise<{ planned: PlannedComponent; problems: readonly ConfigProblem[] }> {
  const named = config.optionalString("BIND_ADDRESS") ?? "";
  try {
    // One that breaks its rule has been noted already.
    const listen = named === "" ? "" : await listenAddress(config);
    return { planned: { declaration, config, settings, listen }, problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { planned: { declaration, config, settings, listen: named }, problems: error.problems };
  }
}

/** The control plane of the run; `undefined` where the configuration asks for none of its own. */
async function planControlPlane(
  declaration: ComponentDeclaration,
  manager: ResolvedConfig,
  components: readonly PlannedComponent[],
  options: PlanOptions,
): Promise<{ planned: PlannedComponent; problems: readonly ConfigProblem[] } | undefined> {
  if (manager.values.START_CONTROL_PLANE !== true) return undefined;
  const client = components.find(({ config }) => config.values.ENABLE_FLOWCTL === true);
  const endpoint = parseEndpoint(client?.config.optionalString("FLOWCTL_ENDPOINT") ?? "");
  if (client === undefined || endpoint === undefined || !isLoopback(endpoint.host)) {
    return undefined;
  }
  const { prefix } = declaration;
  const settings = new Map([
    // What is not kept needs no file; the components register again when it is started again.
    ["STATE_PATH", ":memory:"],
    ...options.settings ?? [],
    [`${prefix}_PORT`, String(endpoint.port)],
    [`${prefix}_BIND_ADDRESS`, "127.0.0.1"],
  ]);
  const { config, problems } = resolveOne(declaration, { ...options, settings });
  const { planned } = await planOne(declaration, config, settings);
  return { planned, problems: [...problems, ...flowctlTlsProblems(planned, client)] };
}

/** The components must know the authority of a control plane that speaks TLS, and only of such a one. */
function flowctlTlsProblems(
  { config: server }: PlannedComponent,
  { config: client }: PlannedComponent,
): ConfigProblem[] {
  const serves = server.isSet("TLS_CERT_FILE");
  if (serves === client.isSet("FLOWCTL_TLS_CA_FILE")) return [];
  const [variable, config, rule] = serves
    ? [
      "FLOWCTL_TLS_CA_FILE",
      client,
      "must be set in a pipeline with TLS_CERT_FILE: the control plane of the run speaks TLS, too",
    ] as const
    : [
      "TLS_CERT_FILE",
      server,
      "must be set, with TLS_KEY_FILE, in a pipeline with FLOWCTL_TLS_CA_FILE: the control plane of " +
      "the run then speaks TLS",
    ] as const;
  return [{ variable, origin: config.origin(variable), rule, example: `${variable}=ca.crt` }];
}

function resolveOne(declaration: ComponentDeclaration, options: PlanOptions): Resolution {
  return resolveConfig({
    declaration,
    env: options.env,
    profile: options.profile,
    inPipeline: true,
    ...(options.configFile === undefined ? {} : { configFile: options.configFile }),
    ...(options.settings === undefined ? {} : { settings: options.settings }),
  });
}

/** A name that is set on purpose and that nobody knows is a mistake, not a suspicion. */
function unknownSettings(
  declarations: readonly ComponentDeclaration[],
  settings: ReadonlyMap<string, string> = new Map(),
): string[] {
  const known = new Set<string>();
  for (const { prefix, variables } of declarations) {
    for (const { name, perComponent } of variables.values()) {
      if (!perComponent) known.add(name);
      known.add(`${prefix}_${name}`);
    }
  }
  return [...settings.keys()].filter((name) => !known.has(name)).map((name) => {
    const own = [...known].filter((each) => each.endsWith(`_${name}`));
    const near = own.length > 0 ? own.join(" or ") : nearestName(name, known);
    const hint = near === undefined ? "see --help of a component" : `did you mean ${near}?`;
    return `--set ${name}: no component of a pipeline has this variable; ${hint}`;
  });
}
