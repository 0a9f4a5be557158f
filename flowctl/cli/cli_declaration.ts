import { type ComponentDeclaration, environmentNames, parseDeclaration } from "../config/mod.ts";
import cliYaml from "./cli.yaml" with { type: "text" };

/** The variables of the commands that ask a control plane. */
export function cliDeclaration(): ComponentDeclaration {
  return parseDeclaration(cliYaml, "flowctl/cli/cli.yaml");
}

/** Names of the environment that these commands read. */
export function cliEnvironment(): string[] {
  return [...environmentNames(cliDeclaration()), "NO_COLOR"];
}
