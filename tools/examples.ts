/**
 * `deno task test:examples [options of deno test]`: type-checks and runs the examples in doc comments
 * and in the guides.
 */
import { join } from "@std/path";
import { repositoryFiles, ROOT } from "./repository.ts";

/** The start of an example: a fence that names a language which Deno runs. */
const EXAMPLE = /^\s*(?:\*\s*)?```(?:ts|tsx|js|jsx|typescript|javascript)[ \t]*$/m;

/** Whether a text holds an example that can be run. One marked `ignore` cannot. */
export function hasExample(text: string): boolean {
  return EXAMPLE.test(text);
}

/** Files, relative to the repository, that hold examples. */
export async function filesWithExamples(): Promise<string[]> {
  const files: string[] = [];
  for (const file of await repositoryFiles()) {
    if (!/\.(ts|md)$/.test(file) || file.endsWith("_test.ts")) continue;
    if (hasExample(await Deno.readTextFile(join(ROOT, file)))) files.push(file);
  }
  return files;
}

if (import.meta.main) {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--doc", "-A", "-q", ...Deno.args, ...await filesWithExamples()],
    cwd: ROOT,
  }).spawn().status;
  Deno.exit(code);
}
