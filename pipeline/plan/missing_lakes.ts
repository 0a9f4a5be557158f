import type { PlannedComponent } from "./planned_component.ts";

/**
 * A sentence for each folder of ledgers that is not there. Looked at before anything is started; the
 * source itself tells what is wrong with the ledgers in it.
 */
export async function missingLakes(components: readonly PlannedComponent[]): Promise<string[]> {
  const sentences: string[] = [];
  for (const { declaration, config } of components) {
    if (config.values.SOURCE_TYPE !== "filesystem") continue;
    const path = config.string("STORAGE_PATH");
    const isThere = await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
    if (isThere) continue;
    sentences.push(
      `STORAGE_PATH: "${path}" of ${declaration.name} is no folder; name the folder of a SEP-54 lake. ` +
        "Example: STORAGE_PATH=./lake",
    );
  }
  return sentences;
}
