import { mainModule } from "./component_command.ts";
import type { PlannedComponent } from "./planned_component.ts";

/** A sentence for each component whose program is not where it should be. */
export async function missingEntryPoints(
  components: readonly Pick<PlannedComponent, "declaration">[],
  pathOf: (component: string) => string = mainModule,
): Promise<string[]> {
  const sentences: string[] = [];
  for (const { declaration: { name } } of components) {
    const path = pathOf(name);
    const isThere = await Deno.stat(path).then(({ isFile }) => isFile, () => false);
    if (isThere) continue;
    sentences.push(
      `${name}: its program ${path} is missing; restore it, for example with git checkout`,
    );
  }
  return sentences;
}
