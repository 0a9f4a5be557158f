import type { ComponentContext } from "../../../flowctl/mod.ts";
import { openFilesystemBackend } from "./filesystem_backend.ts";
import type { LedgerBackend } from "./ledger_backend.ts";
import { openSimulatedBackend } from "./simulated_backend.ts";

/** Opens the backend that SOURCE_TYPE names. Errors are those of the backend. */
export function openBackend(context: ComponentContext): Promise<LedgerBackend> {
  return context.config.string("SOURCE_TYPE") === "filesystem"
    ? openFilesystemBackend(context)
    : openSimulatedBackend(context);
}
