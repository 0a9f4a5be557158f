import { flagOf, type VariableDeclaration } from "../variable_declaration.ts";
import { describeRule } from "../variable_value.ts";
import { codeList, table } from "./markdown.ts";

/** What a table of variables shows beside the declarations. */
export interface VariableTableOptions {
  /** A manager's flags are those of its commands, and override nothing. */
  readonly withFlags?: boolean;
  /** Names of variables that are declared but have no effect yet. */
  readonly withoutEffect?: readonly string[];
}

/** The rows of variables, and below them which of these have no effect yet. */
export function variableTable(
  variables: readonly VariableDeclaration[],
  { withFlags = true, withoutEffect = [] }: VariableTableOptions = {},
): string[] {
  const head = ["variable", "what it does", "type", "allowed", "default"];
  const lines = table(head, variables.map((variable) => row(variable, withFlags)));
  const idle = variables.map(({ name, overrides }) => overrides ?? name)
    .filter((name) => withoutEffect.includes(name));
  const named = [...new Set(idle)];
  if (named.length === 0) return lines;
  const all = named.length === 1
    ? `${codeList(named)} is checked and handed on to the component, but nothing acts on it.`
    : `${codeList(named)} are checked and handed on to the components, but nothing acts on them.`;
  return [...lines, "", `**No effect in this version:** ${all}`];
}

function row(variable: VariableDeclaration, withFlags: boolean): string[] {
  const { name, type, items, overrides } = variable;
  const fallback = variable.required
    ? "**required**"
    : variable.default === undefined
    ? `not set (such as \`${variable.example}\`)`
    : `\`${variable.default}\``;
  const hasFlag = withFlags && overrides === undefined;
  const label = hasFlag ? `\`${name}\`<br>\`${flagOf(name)}\`` : `\`${name}\``;
  const kind = type === "list" ? `list of ${items}` : type;
  return [label, variable.description, kind, describeRule(variable), fallback];
}
