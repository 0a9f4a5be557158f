import type { ComponentDeclaration } from "./component_declaration.ts";
import type { ConfigProblem } from "./config_error.ts";
import type { Profile } from "./profile.ts";
import type { ResolvedConfig } from "./resolved_config.ts";
import { isWildcard } from "./wildcard.ts";

/** What a rule looks at; a variable that a component does not declare counts as not set. */
interface Facts {
  readonly config: ResolvedConfig;
  readonly profile: Profile | undefined;
}

/** A setting that can be used and is probably not meant. */
interface WarningRule {
  readonly variable: string;
  readonly applies: (facts: Facts) => boolean;
  readonly rule: string;
  readonly example: string;
}

const RULES: readonly WarningRule[] = [
  {
    variable: "SOURCE_TYPE",
    applies: ({ config, profile }) =>
      config.values.SOURCE_TYPE === "simulated" && isOrExtends(profile, "production"),
    rule: "is a network for trying things out, and this is production: its ledgers are made up",
    example: "SOURCE_TYPE=filesystem",
  },
  {
    variable: "BIND_ADDRESS",
    applies: ({ config: { values } }) =>
      values.ENABLE_FLOWCTL === true && values.ADVERTISE_ADDRESS === undefined &&
      isWildcard(String(values.BIND_ADDRESS)),
    rule: "is no address that others can connect to: with the control plane the component " +
      "registers as loopback, where only this machine finds it; ADVERTISE_ADDRESS says where other " +
      "machines reach it",
    example: "ADVERTISE_ADDRESS=node1.example.com",
  },
];

function isOrExtends(profile: Profile | undefined, name: string): boolean {
  return profile !== undefined && (profile.name === name || (profile.bases ?? []).includes(name));
}

/** What a person should be told about a configuration that can be used. */
export function configWarnings(
  declaration: ComponentDeclaration,
  config: ResolvedConfig,
  profile: Profile | undefined,
): ConfigProblem[] {
  const facts = { config, profile };
  return RULES
    .filter(({ variable, applies }) => declaration.variables.has(variable) && applies(facts))
    .map(({ variable, rule, example }) => ({
      variable,
      value: config.shown(variable),
      origin: config.origin(variable),
      rule,
      example,
    }));
}
