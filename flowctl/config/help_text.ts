import type { ComponentDeclaration } from "./component_declaration.ts";
import { flagOf, type VariableDeclaration } from "./variable_declaration.ts";
import { describeRule } from "./variable_value.ts";

/** What `--help` of a component says; all of it follows from its declaration. */
export function helpText(declaration: ComponentDeclaration): string {
  const { name, version, prefix } = declaration;
  const lines = [
    `${name} ${version}`,
    declaration.description,
    "",
    `Usage: ${name} [--config FILE] [--profile NAME|FILE] [--variable VALUE]…`,
    "",
    "  --help            show this text",
    "  --version         show name and version",
    "  --config FILE     read variables from FILE (NAME=value lines, or YAML)",
    "  --profile NAME    use a profile, by name or as a .yaml file (default: local)",
    "",
    "Every variable can be set, in this order of rank, by its flag, by the environment variable",
    `${prefix}_NAME or NAME, in the file of --config, and by the profile.`,
  ];
  for (const [group, variables] of variableGroups(declaration)) {
    lines.push("", `${group}:`);
    for (const variable of variables) lines.push(...describeVariable(variable));
  }
  lines.push("", "Examples:", ...examples(declaration), "");
  lines.push(
    "Exit codes: 0 finished or stopped, 1 failed, 2 wrongly configured, 4 stopped by the data",
    "(a restart would end the same way).",
  );
  return lines.join("\n");
}

/** The variables by group, in the order of the declaration. */
export function variableGroups(
  declaration: ComponentDeclaration,
): Map<string, VariableDeclaration[]> {
  const groups = new Map<string, VariableDeclaration[]>();
  for (const variable of declaration.variables.values()) {
    const group = groups.get(variable.group);
    if (group === undefined) groups.set(variable.group, [variable]);
    else group.push(variable);
  }
  return groups;
}

function describeVariable(variable: VariableDeclaration): string[] {
  const fallback = variable.required
    ? "required"
    : variable.default === undefined
    ? "not set by default"
    : `default ${variable.default}`;
  const { name, overrides } = variable;
  return [
    overrides === undefined ? `  ${flagOf(name)}  ${name}` : `  ${name} (no flag)`,
    `      ${variable.description}`,
    `      ${describeRule(variable)} (${fallback})`,
  ];
}

function examples(declaration: ComponentDeclaration): string[] {
  const { name, prefix } = declaration;
  return [
    `  ${name} --port 0 --health-port 0 --log-format json`,
    `  LOG_LEVEL=debug ${name}`,
    `  ${prefix}_PORT=9000 ${name} --config my.env`,
  ];
}
