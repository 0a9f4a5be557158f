import {
  askHealth,
  askServing,
  childEnvironment,
  isFedBy,
  type Origin,
  pipelineHost,
  type ResolvedConfig,
  upstreamVariable,
} from "../../flowctl/mod.ts";
import type { Launch, ReadyLine } from "../process/mod.ts";
import type { Stage } from "../supervision/mod.ts";
import { ALLOCATOR, componentCommand } from "./component_command.ts";
import { advertisedName } from "./listen_address.ts";
import type { PipelinePlan } from "./pipeline_plan.ts";
import { type PlannedComponent, type PlanOptions, resolveOne } from "./planned_component.ts";

/** The components as stages: each is told the address of the one before unless the user named one. */
export function stagesOf(plan: PipelinePlan, options: PlanOptions): Stage[] {
  return plan.components.map((component, at) => ({
    component: component.declaration.name,
    isEssential: component.declaration.type !== "CONTROL_PLANE",
    launch: (before, earlier) =>
      launch(component, upstreamOf(component, plan.components[at - 1]), before, earlier, options),
    askHealth: ({ ports }, signal) => askHealth(healthHost(component), ports.health ?? 0, signal),
    isServing: async ({ ports }, signal) => {
      if (!canBeAsked(component)) return true;
      const endpoint = grpcEndpoint(component, grpcPort(ports) ?? 0);
      return (await askServing(endpoint, component.config, signal)).status === "SERVING";
    },
  }));
}

/** The one before, unless what lies between them is not part of this run. */
function upstreamOf(
  { declaration }: PlannedComponent,
  before: PlannedComponent | undefined,
): PlannedComponent | undefined {
  return before !== undefined && isFedBy(declaration, before.declaration) ? before : undefined;
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
  const name = advertisedName(declaration, config, listen);
  if (name !== undefined) settled[`${prefix}_ADVERTISE_ADDRESS`] = name;
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
    env: {
      ...ALLOCATOR,
      ...childEnvironment(declaration, resolved, (name) => userOrigin(name, config, options)),
      PIPELINE_CHILD: "1",
    },
  };
}

/** Where the user set a value; what the manager has settled for itself is its own. */
function userOrigin(name: string, config: ResolvedConfig, { settings }: PlanOptions): Origin {
  const origin = config.origin(name);
  const isOwn = origin.kind === "unset" ||
    origin.kind === "setting" && settings?.has(origin.name) !== true;
  return isOwn ? { kind: "manager", name } : origin;
}
