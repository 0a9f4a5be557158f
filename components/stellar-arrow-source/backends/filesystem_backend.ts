import { type ComponentContext, ConfigError } from "../../../flowctl/mod.ts";
import { FilesystemLake, LakeError } from "../../../stellar/lake/mod.ts";
import type { LedgerBackend } from "./ledger_backend.ts";
import { lakeOptions } from "./lake_options.ts";

/**
 * Ledgers of a lake in a folder that someone else writes (SOURCE_TYPE=filesystem).
 * Throws ConfigError when STORAGE_PATH is no folder, LakeError when the lake cannot be read.
 */
export async function openFilesystemBackend(context: ComponentContext): Promise<LedgerBackend> {
  const { config } = context;
  const path = config.string("STORAGE_PATH");
  try {
    const lake = await FilesystemLake.open(path, lakeOptions(context));
    return {
      upstream: path,
      lake,
      passphrase: lake.config?.networkPassphrase,
      stop: () => Promise.resolve(),
    };
  } catch (error) {
    if (!(error instanceof LakeError) || error.code !== "not_found") throw error;
    throw new ConfigError(config.component, [{
      variable: "STORAGE_PATH",
      value: path,
      origin: config.origin("STORAGE_PATH"),
      rule: "must be the folder of a SEP-54 lake: there is no such folder",
      example: "STORAGE_PATH=./data/ledgers",
    }]);
  }
}
