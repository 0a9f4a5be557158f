import { parseDeclaration, runComponent } from "../../flowctl/mod.ts";
import declaration from "./component.yaml" with { type: "text" };
import { isLedgerThread } from "./ledger_thread.ts";
import { TtpArrowProcessor } from "./ttp_arrow_processor.ts";

// As a bundle this module is also what a thread starts with.
if (import.meta.main && !isLedgerThread()) {
  await runComponent(
    parseDeclaration(declaration, "ttp-arrow-processor/component.yaml"),
    (context) => new TtpArrowProcessor(context),
  );
}
