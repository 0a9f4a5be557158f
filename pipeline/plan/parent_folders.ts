import { dirname } from "@std/path";
import type { ComponentDeclaration, ResolvedConfig } from "../../flowctl/mod.ts";

/**
 * Makes the folders above the files and folders that a component writes. The component may write those
 * and nothing beside them, so it could not make what is above.
 */
export async function makeParentFolders(
  declaration: ComponentDeclaration,
  config: ResolvedConfig,
): Promise<void> {
  for (const { name, type, permission } of declaration.variables.values()) {
    if (type !== "path" || permission.write !== true) continue;
    const path = config.optionalString(name);
    if (path === undefined) continue;
    // A folder that cannot be made is told by the component, which knows what it wants there.
    await Deno.mkdir(dirname(path), { recursive: true }).catch(() => {});
  }
}
