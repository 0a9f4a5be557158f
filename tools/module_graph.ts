import { join, relative, toFileUrl } from "@std/path";
import { ROOT } from "./repository.ts";

/** One import: both paths relative to the repository. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

interface InfoDependency {
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
}

interface Info {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly InfoDependency[];
  }[];
}

/**
 * Every import between files of the repository, as `deno info --json` sees it (type imports and
 * dynamic imports of literal paths included).
 *
 * One throw-away module imports all the others, so that one run gives the whole graph.
 */
export async function importsBetween(
  files: readonly string[],
  root: string = ROOT,
): Promise<Import[]> {
  const folder = await Deno.makeTempDir({ prefix: "imports-" });
  try {
    const entry = join(folder, "all.ts");
    const lines = files.map((file) =>
      `import ${JSON.stringify(toFileUrl(join(root, file)).href)};`
    );
    await Deno.writeTextFile(entry, lines.join("\n"));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--quiet", "--json", "--config", join(root, "deno.json"), entry],
      cwd: root,
    }).output();
    if (code !== 0) {
      throw new Error(`deno info cannot read the modules: ${new TextDecoder().decode(stderr)}`);
    }
    return importsOfInfo(JSON.parse(new TextDecoder().decode(stdout)), root);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function importsOfInfo(info: Info, root: string): Import[] {
  const inside = toFileUrl(join(root, "/")).href;
  const path = (specifier: string) =>
    relative(root, decodeURIComponent(new URL(specifier).pathname));
  const imports = new Map<string, Import>();
  for (const module of info.modules) {
    if (!module.specifier.startsWith(inside)) continue;
    if (module.error !== undefined) {
      throw new Error(`"${path(module.specifier)}" cannot be imported: ${module.error}`);
    }
    for (const dependency of module.dependencies ?? []) {
      for (const target of [dependency.code?.specifier, dependency.type?.specifier]) {
        if (target === undefined || !target.startsWith(inside)) continue;
        const found = { from: path(module.specifier), to: path(target) };
        imports.set(`${found.from} ${found.to}`, found);
      }
    }
  }
  return [...imports.values()].sort((a, b) => order(a.from, b.from) || order(a.to, b.to));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
