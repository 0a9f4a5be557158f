import { fromFileUrl, join } from "@std/path";

/** The folder of the repository, where every tool runs its commands. */
export const ROOT: string = fromFileUrl(new URL("../", import.meta.url));

// Folders that hold nothing of the project's own source, however they came to be.
const PASSED_OVER = new Set([
  ".git",
  ".pipeline",
  ".venv",
  "coverage",
  "data",
  "dist",
  "golden",
  "node_modules",
  "results",
]);

/** Paths of the repository's files, relative to its root and sorted. Test corpora are left out. */
export async function repositoryFiles(root: string = ROOT): Promise<string[]> {
  const files: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(join(root, folder))) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory && !PASSED_OVER.has(entry.name)) await visit(path);
      else if (entry.isFile) files.push(path);
    }
  };
  await visit("");
  return files.sort();
}
