/**
 * The commands that ask any control plane for its services: list, status, topology.
 *
 * @module
 */
export { COMMANDS, runFlowctl } from "./cli.ts";
export { cliDeclaration, cliEnvironment } from "./cli_declaration.ts";
