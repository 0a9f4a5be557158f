import {
  type ComponentDeclaration,
  ConfigError,
  type ConfigProblem,
  type Origin,
  type Profile,
  type Resolution,
  resolveConfig,
  type ResolvedConfig,
} from "../../flowctl/mod.ts";
import { listenAddress } from "./listen_address.ts";

/** Where the configuration of the whole pipeline comes from. */
export interface PlanOptions {
  readonly env: { get(name: string): string | undefined; toObject(): Record<string, string> };
  readonly profile: string | Profile;
  /** Path of a `--config` file. */
  readonly configFile?: string;
  /** Reads the file and profiles: a `readOnce`, where components are started with these options. */
  readonly readText?: (path: string) => string;
  /** What `--set` sets, by name. */
  readonly settings?: ReadonlyMap<string, string>;
  /** Where those of the settings come from that the manager has settled itself, by name. */
  readonly settingOrigins?: ReadonlyMap<string, Origin>;
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

/** Resolves the variables of one declaration as a pipeline has them. */
export function resolveOne(declaration: ComponentDeclaration, options: PlanOptions): Resolution {
  return resolveConfig({
    declaration,
    env: options.env,
    profile: options.profile,
    inPipeline: true,
    ...(options.configFile === undefined ? {} : { configFile: options.configFile }),
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    ...(options.settingOrigins === undefined ? {} : { settingOrigins: options.settingOrigins }),
    ...(options.readText === undefined ? {} : { readText: options.readText }),
  });
}

/** A component with the address that its BIND_ADDRESS means, or why that has none. */
export async function planOne(
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
