import type { ComponentDeclaration } from "../component_declaration.ts";

/** Code of the programs that are configured; tests and what makes the configuration do not count. */
const PROGRAM_FOLDERS: readonly string[] = ["components", "flowctl", "pipeline"];

/** They read every variable only to check or to show it. */
const ONLY_SHOWS = /^flowctl\/config\/|^flowctl\/component\/startup_display\.ts$/;

/** What only a rule between variables reads: there it has its effect. */
const READ_BY_RULES: readonly string[] = ["ALLOW_INSECURE"];

/** Where a configuration is read by name: `config.string("NAME")`, `config.values.NAME`. */
function isRead(code: string, name: string): boolean {
  return new RegExp(`"${name}"|\\bvalues\\.${name}\\b`).test(code);
}

/**
 * Names of variables that are declared, and that no program reads: whoever sets one should know that
 * nothing comes of it yet. Read from the code, so that the guide cannot promise too much.
 *
 * @param root of the repository
 */
export async function variablesWithoutEffect(
  declarations: readonly ComponentDeclaration[],
  root: URL,
): Promise<string[]> {
  const code: string[] = [];
  for (const folder of PROGRAM_FOLDERS) {
    for await (const path of programFiles(root, folder)) {
      code.push(await Deno.readTextFile(new URL(path, root)));
    }
  }
  const all = code.join("\n");
  const names = new Set(
    declarations.flatMap(({ variables }) =>
      [...variables.values()].filter(({ overrides }) => overrides === undefined)
        .map(({ name }) => name)
    ),
  );
  return [...names].filter((name) => !READ_BY_RULES.includes(name) && !isRead(all, name));
}

async function* programFiles(root: URL, folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(new URL(`${folder}/`, root))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* programFiles(root, path);
    else if (
      /\.ts$/.test(path) && !/(_test|_generated)\.ts$/.test(path) && !ONLY_SHOWS.test(path)
    ) {
      yield path;
    }
  }
}
