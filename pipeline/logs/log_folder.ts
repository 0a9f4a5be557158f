import { join } from "@std/path";

/** Ending of a log's newest file. */
const LOG_FILE = ".log";

/** Names of the logs that a folder has. */
export async function logNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (name.endsWith(LOG_FILE)) names.push(name.slice(0, -LOG_FILE.length));
    }
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (!(error instanceof NotFound || error instanceof NotADirectory)) throw error;
  }
  return names.sort();
}

/** Path of a log's newest file. */
export function logPath(folder: string, name: string): string {
  return join(folder, name + LOG_FILE);
}
