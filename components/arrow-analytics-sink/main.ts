import { parseDeclaration, runComponent } from "../../flowctl/mod.ts";
import { AnalyticsSink } from "./analytics_sink.ts";
import declaration from "./component.yaml" with { type: "text" };

if (import.meta.main) {
  await runComponent(
    parseDeclaration(declaration, "arrow-analytics-sink/component.yaml"),
    (context) => new AnalyticsSink(context),
  );
}
