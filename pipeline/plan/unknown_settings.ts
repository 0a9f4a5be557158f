import { type ComponentDeclaration, nearestName } from "../../flowctl/mod.ts";

/** A name that is set on purpose and that nobody knows is a mistake, not a suspicion. */
export function unknownSettings(
  declarations: readonly ComponentDeclaration[],
  settings: ReadonlyMap<string, string> = new Map(),
): string[] {
  const known = new Set<string>();
  for (const { prefix, variables } of declarations) {
    for (const { name, perComponent } of variables.values()) {
      if (!perComponent) known.add(name);
      known.add(`${prefix}_${name}`);
    }
  }
  return [...settings.keys()].filter((name) => !known.has(name)).map((name) => {
    const own = [...known].filter((each) => each.endsWith(`_${name}`));
    const near = own.length > 0 ? own.join(" or ") : nearestName(name, known);
    const hint = near === undefined ? "see --help of a component" : `did you mean ${near}?`;
    return `--set ${name}: no component of a pipeline has this variable; ${hint}`;
  });
}
