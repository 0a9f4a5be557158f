import { describeError } from "../../flowctl/mod.ts";
import type { PlannedComponent } from "./planned_component.ts";

/**
 * A sentence for each folder of ledgers that is not there, or that this user cannot read. Looked at
 * before anything is started; the source itself tells what is wrong with the ledgers in it.
 */
export async function missingLakes(
  components: readonly PlannedComponent[],
  open: (path: string) => Promise<void> = openFolder,
): Promise<string[]> {
  const sentences: string[] = [];
  for (const { declaration, config } of components) {
    if (config.values.SOURCE_TYPE !== "filesystem") continue;
    const path = config.string("STORAGE_PATH");
    const reason = await open(path).then(() => undefined, whyNot);
    if (reason === undefined) continue;
    sentences.push(
      `STORAGE_PATH: "${path}" of ${declaration.name} ${reason}. Example: STORAGE_PATH=./lake`,
    );
  }
  return sentences;
}

/** Reads the first name of a folder: that of one without permission can be asked for its kind only. */
async function openFolder(path: string): Promise<void> {
  for await (const _ of Deno.readDir(path)) return;
}

function whyNot(error: unknown): string {
  const isMissing = error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory;
  return isMissing
    ? "is no folder; name the folder of a SEP-54 lake"
    : `cannot be read: ${describeError(error)}; name a folder that this user may read`;
}
