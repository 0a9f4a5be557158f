import type { ComponentDeclaration } from "../component_declaration.ts";
import { variableGroups } from "../help_text.ts";
import type { VariableDeclaration } from "../variable_declaration.ts";
import { describeRule } from "../variable_value.ts";
import { codeList, table } from "./markdown.ts";
import { variableTable, type VariableTableOptions } from "./variable_table.ts";

/** The components that data goes through. */
function dataComponents(declarations: readonly ComponentDeclaration[]): ComponentDeclaration[] {
  return declarations.filter(({ type }) => ["SOURCE", "PROCESSOR", "SINK"].includes(type));
}

/**
 * Names of the variables that all components of the data declare with the same words, rules and
 * defaults. Their overrides, which differ by the component's name, do not count.
 */
export function sharedVariables(declarations: readonly ComponentDeclaration[]): Set<string> {
  const [first, ...others] = dataComponents(declarations);
  const shared = new Set<string>();
  if (first === undefined || others.length === 0) return shared;
  for (const [name, variable] of first.variables) {
    const isSame = others.every(({ variables }) => {
      const other = variables.get(name);
      return other !== undefined && textOf(other) === textOf(variable);
    });
    if (isSame) shared.add(name);
  }
  return shared;
}

/** All that the guide says of a variable. */
function textOf(variable: VariableDeclaration): string {
  const { description, type, items, group, required } = variable;
  const fallback = variable.default ?? "";
  return [description, type, items, group, required, describeRule(variable), fallback].join("\n");
}

/** The section of the shared variables; empty where there are none. */
export function sharedSection(
  declarations: readonly ComponentDeclaration[],
  options: VariableTableOptions,
): string[] {
  const shared = sharedVariables(declarations);
  if (shared.size === 0) return [];
  const components = dataComponents(declarations);
  const lines = [
    "",
    "## Variables of all three components",
    "",
    "Set one for all of them by its name, or for one component alone with the component's prefix:",
    `${codeList(components.map(({ prefix }) => `${prefix}_NAME`))}.`,
  ];
  for (const [group, variables] of variableGroups(components[0]!)) {
    const rows = variables.filter(({ name }) => shared.has(name));
    if (rows.length === 0) continue;
    lines.push("", `### ${group}`, "", ...variableTable(rows, options));
  }
  return [...lines, ...overrideSection(components)];
}

function overrideSection(components: readonly ComponentDeclaration[]): string[] {
  const overrides = components.flatMap(({ variables }) =>
    [...variables.values()].filter(({ overrides }) => overrides !== undefined)
  );
  const names = [...new Set(overrides.map(({ overrides }) => overrides!))];
  const rows = names.map((name) => [
    `\`${name}\``,
    ...components.map(({ variables, prefix }) =>
      variables.has(`${prefix}_${name}`) ? `\`${prefix}_${name}\`` : "–"
    ),
  ]);
  return [
    "",
    "### Declared overrides",
    "",
    "These are listed by `config` and `--help` in their own right. They have the type and the rule of",
    "the variable that they override, and no flag. The override of any other variable works the same",
    "way.",
    "",
    ...table(["variable", ...components.map(({ name }) => name)], rows),
  ];
}
