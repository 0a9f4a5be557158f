import type { ComponentDeclaration, ResolvedConfig } from "../config/mod.ts";
import type { ReadyInfo } from "./component.ts";

/** What a component shows when it starts to serve. */
export interface StartupFacts {
  /** Of the component. */
  readonly name: string;
  /** Of the component. */
  readonly version: string;
  /** `off`: the component runs without a control plane. */
  readonly flowctl: string;
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
    flowctl: "off",
    address: config.string("BIND_ADDRESS"),
    ports: ready.ports,
    ...(upstream === undefined ? {} : { upstream }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(network === undefined ? {} : { network }),
  };
}

/** The facts as lines for a person. */
export function startupText(facts: StartupFacts): string {
  const rows: [string, string][] = [["flowctl", facts.flowctl]];
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
