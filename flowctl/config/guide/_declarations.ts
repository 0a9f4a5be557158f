import { type ComponentDeclaration, parseDeclaration } from "../component_declaration.ts";
import { DECLARATION_FILES } from "../product_components.ts";

/** The repository, for tests. */
export const ROOT = new URL("../../../", import.meta.url);

/** All declarations of the product, in the order of the guide, for tests. */
export function productDeclarations(): ComponentDeclaration[] {
  return DECLARATION_FILES.map((file) =>
    parseDeclaration(Deno.readTextFileSync(new URL(file, ROOT)), file)
  );
}
