import { parseDeclaration, runComponent } from "../../flowctl/mod.ts";
import { openBackend } from "./backends/mod.ts";
import declaration from "./component.yaml" with { type: "text" };
import { StellarArrowSource } from "./stellar_arrow_source.ts";

if (import.meta.main) {
  await runComponent(
    parseDeclaration(declaration, "stellar-arrow-source/component.yaml"),
    (context) => new StellarArrowSource(context, openBackend),
  );
}
