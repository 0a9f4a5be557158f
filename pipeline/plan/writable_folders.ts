import { dirname, resolve } from "@std/path";
import { describeError, permittedValues } from "../../flowctl/mod.ts";
import type { PlannedComponent } from "./planned_component.ts";

/** Beginning of the name of the file that a check makes and removes. */
const PROBE_PREFIX = ".write-check-";

/**
 * A sentence for each folder of the configuration that cannot be written. Looked at before anything
 * is started, so that all of them are told at once and by their variables. Nothing is left behind.
 */
export async function unwritableFolders(
  components: readonly PlannedComponent[],
): Promise<string[]> {
  const sentences: string[] = [];
  for (const { declaration, config } of components) {
    // It writes a file, and the pipeline runs without it.
    if (declaration.type === "CONTROL_PLANE") continue;
    for (const { variable, value } of permittedValues(declaration, config, "write")) {
      const reason = await whyNotWritable(value);
      if (reason === undefined) continue;
      sentences.push(
        `${variable}: "${value}" of ${declaration.name} cannot be written: ${reason}; ` +
          `name a folder that this user may write. Example: ${variable}=./data/new`,
      );
    }
  }
  return sentences;
}

/** Why files cannot be made in a folder, which need not exist yet; `undefined` when they can. */
export async function whyNotWritable(path: string): Promise<string | undefined> {
  for (let folder = resolve(path);; folder = dirname(folder)) {
    let isFolder: boolean;
    try {
      isFolder = (await Deno.stat(folder)).isDirectory;
    } catch (error) {
      const isMissing = error instanceof Deno.errors.NotFound && dirname(folder) !== folder;
      // Below a file the system says "not a directory"; the file itself is found further up.
      if (isMissing || error instanceof Deno.errors.NotADirectory) continue;
      return reasonOf(error, folder);
    }
    if (!isFolder) return `${folder} is a file`;
    return await probe(folder);
  }
}

async function probe(folder: string): Promise<string | undefined> {
  try {
    await Deno.remove(await Deno.makeTempFile({ dir: folder, prefix: PROBE_PREFIX }));
    return undefined;
  } catch (error) {
    return reasonOf(error, folder);
  }
}

/** Where the system shows itself as files, Deno asks for a flag that no component is given. */
function reasonOf(error: unknown, folder: string): string {
  return error instanceof Deno.errors.NotCapable
    ? `${folder} belongs to the system, and is no place for files`
    : describeError(error);
}
