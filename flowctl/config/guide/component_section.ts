import type { ComponentDeclaration } from "../component_declaration.ts";
import { variableGroups } from "../help_text.ts";
import { variableTable, type VariableTableOptions } from "./variable_table.ts";

/**
 * The section of a component's own variables.
 *
 * @param shared names that another section tells
 */
export function componentSection(
  declaration: ComponentDeclaration,
  shared: ReadonlySet<string>,
  options: VariableTableOptions,
): string[] {
  const { name, description, prefix, type } = declaration;
  const lines = ["", `## ${name}`, "", description];
  if (type === "MANAGER") {
    lines.push(
      "",
      "Flags of `deno task pipeline start`; the other commands know `--state-dir`.",
    );
  } else lines.push("", `For this component alone: \`${prefix}_NAME\`.`);
  const isData = ["SOURCE", "PROCESSOR", "SINK"].includes(type);
  for (const [group, all] of variableGroups(declaration)) {
    // The overrides of shared variables stand with those.
    const variables = all.filter(({ name, overrides }) =>
      !isData || !shared.has(overrides ?? name)
    );
    if (variables.length === 0) continue;
    lines.push("", `### ${group} (${name})`, "", ...variableTable(variables, options));
  }
  return lines;
}
