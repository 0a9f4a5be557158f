import { runComponent } from "../component/mod.ts";
import { parseDeclaration } from "../config/mod.ts";
import declaration from "./component.yaml" with { type: "text" };
import { ControlPlaneComponent } from "./control_plane_component.ts";

if (import.meta.main) {
  await runComponent(
    parseDeclaration(declaration, "flowctl/control_plane/component.yaml"),
    (context) => ControlPlaneComponent.open(context),
  );
}
