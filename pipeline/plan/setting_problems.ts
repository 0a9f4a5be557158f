import { type ComponentDeclaration, nearestName } from "../../flowctl/mod.ts";

/**
 * What is wrong with the names of `--set`: one that nobody knows is a mistake, not a suspicion, and a
 * secret is not to stand on a command line, which every user of the machine can read.
 */
export function settingProblems(
  declarations: readonly ComponentDeclaration[],
  settings: ReadonlyMap<string, string> = new Map(),
): string[] {
  const known = new Set<string>();
  const secrets = new Set<string>();
  for (const { prefix, variables } of declarations) {
    for (const { name, perComponent, secret } of variables.values()) {
      if (secret) [name, `${prefix}_${name}`].forEach((each) => secrets.add(each));
      if (!perComponent) known.add(name);
      known.add(`${prefix}_${name}`);
    }
  }
  const shown = [...settings.keys()].filter((name) => secrets.has(name)).map((name) =>
    `--set ${name}: every user of this machine can read a command line, and this is a secret; ` +
    `export ${name}, or name a file with --config`
  );
  const unknown = [...settings.keys()].filter((name) => !known.has(name)).map((name) => {
    const own = [...known].filter((each) => each.endsWith(`_${name}`));
    const near = own.length > 0 ? own.join(" or ") : nearestName(name, known);
    const hint = near === undefined ? "see --help of a component" : `did you mean ${near}?`;
    return `--set ${name}: no component of a pipeline has this variable; ${hint}`;
  });
  return [...shown, ...unknown];
}
