import type { ComponentDeclaration, ResolvedConfig } from "../config/mod.ts";
import type { ReadyInfo } from "./component.ts";

/** How a component works with its control plane; all but `enabled` only when it does. */
export interface FlowctlFacts {
  /** Whether it does at all. */
  readonly enabled: boolean;
  /** Address of the control plane. */
  readonly endpoint?: string;
  /** Time between heartbeats, as it was written. */
  readonly heartbeat?: string;
  /** Least and most connections to the upstream. */
  readonly pool?: { readonly min: number; readonly max: number };
}

/** What a component shows when it starts to serve. */
export interface StartupFacts {
  /** Of the component. */
  readonly name: string;
  /** Of the component. */
  readonly version: string;
  /** Whether and how it works with a control plane; absent for the control plane itself. */
  readonly flowctl?: FlowctlFacts;
  /** Address that it listens on. */
  readonly address: string;
  /** The real ports by name. */
  readonly ports: Readonly<Record<string, number>>;
  /** Where it reads from. */
  readonly upstream?: string;
  /** What it writes. */
  readonly outputs?: readonly string[];
  /** Network passphrase. */
  readonly network?: string;
}

/** Gathers the facts; `ports` are the real ones, also where the configuration says 0. */
export function startupFacts(
  declaration: ComponentDeclaration,
  config: ResolvedConfig,
  ready: ReadyInfo,
): StartupFacts {
  const { upstream, outputs, network } = ready;
  return {
    name: declaration.name,
    version: declaration.version,
    ...(declaration.type === "CONTROL_PLANE" ? {} : { flowctl: flowctlFacts(config) }),
    address: config.string("BIND_ADDRESS"),
    ports: ready.ports,
    ...(upstream === undefined ? {} : { upstream }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(network === undefined ? {} : { network }),
  };
}

function flowctlFacts(config: ResolvedConfig): FlowctlFacts {
  // A component of somebody else's may declare no control plane at all.
  if (config.values.ENABLE_FLOWCTL !== true) return { enabled: false };
  return {
    enabled: true,
    endpoint: config.string("FLOWCTL_ENDPOINT"),
    heartbeat: config.text("FLOWCTL_HEARTBEAT_INTERVAL")!,
    pool: {
      min: config.integer("CONNECTION_POOL_MIN_CONNECTIONS"),
      max: config.integer("CONNECTION_POOL_MAX_CONNECTIONS"),
    },
  };
}

function flowctlText({ enabled, endpoint, heartbeat, pool }: FlowctlFacts): string {
  if (!enabled) return "off";
  return `on, ${endpoint}, heartbeat ${heartbeat}, pool ${pool?.min}–${pool?.max}`;
}

/** The facts as lines for a person. */
export function startupText(facts: StartupFacts): string {
  const rows: [string, string][] = [];
  if (facts.flowctl !== undefined) rows.push(["flowctl", flowctlText(facts.flowctl)]);
  for (const [name, port] of Object.entries(facts.ports)) {
    const scheme = name === "health" ? "http://" : "";
    rows.push([name, `${scheme}${facts.address}:${port}`]);
  }
  if (facts.upstream !== undefined) rows.push(["upstream", facts.upstream]);
  for (const output of facts.outputs ?? []) rows.push(["output", output]);
  if (facts.network !== undefined) rows.push(["network", facts.network]);
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const lines = rows.map(([name, text]) => `  ${name.padEnd(width)}${text}`);
  return [`${facts.name} ${facts.version}`, ...lines].join("\n");
}
