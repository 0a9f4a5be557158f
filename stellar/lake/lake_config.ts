import { LakeError } from "./lake_error.ts";

/** Name of the file at a lake's root that describes it; older lakes have none. */
export const LAKE_CONFIG_NAME = ".config.json";

/** The version of SEP-54's description that this reads and writes. */
const CONFIG_VERSION = "1.0";
const COMPRESSION = "zstd";

/** The largest count accepted, far above any real lake: a batch must stay inside one file. */
const MAX_COUNT = 10_000_000;

/** What a lake says of itself. */
export interface LakeConfig {
  /** Passphrase of the ledgers' network. */
  readonly networkPassphrase: string;
  /** Ledgers in each file. */
  readonly ledgersPerBatch: number;
  /** Files in each folder; 1 puts them into the root. */
  readonly batchesPerPartition: number;
}

/**
 * Reads the text of a `.config.json`; `where` names it in errors. Fields it does not know are
 * left alone. Throws LakeError (`config`) that names the field and what it must be.
 */
export function parseLakeConfig(text: string, where: string): LakeConfig {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch (cause) {
    throw new LakeError("config", `${where} is not JSON: ${(cause as Error).message}.`, { cause });
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw new LakeError("config", `${where} must hold a JSON object.`);
  }
  const of = fields as Readonly<Record<string, unknown>>;
  const wrong = (name: string, rule: string): LakeError =>
    new LakeError(
      "config",
      `${where}: ${name} is ${JSON.stringify(of[name]) ?? "missing"}, it must be ${rule}.`,
    );
  const count = (name: string): number => {
    const value = of[name];
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > MAX_COUNT) {
      throw wrong(name, `a whole number from 1 to ${MAX_COUNT}`);
    }
    return value;
  };
  const networkPassphrase = of["networkPassphrase"];
  if (typeof networkPassphrase !== "string" || networkPassphrase === "") {
    throw wrong("networkPassphrase", "the passphrase of a network");
  }
  // Absent in some writers' files; where it is present, another value is another format.
  if (of["version"] !== undefined && of["version"] !== CONFIG_VERSION) {
    throw wrong("version", `"${CONFIG_VERSION}"`);
  }
  if (of["compression"] !== undefined && of["compression"] !== COMPRESSION) {
    throw wrong("compression", `"${COMPRESSION}"`);
  }
  return {
    networkPassphrase,
    ledgersPerBatch: count("ledgersPerBatch"),
    batchesPerPartition: count("batchesPerPartition"),
  };
}

/** The text of a `.config.json`. */
export function formatLakeConfig(config: LakeConfig): string {
  return JSON.stringify({
    networkPassphrase: config.networkPassphrase,
    version: CONFIG_VERSION,
    compression: COMPRESSION,
    ledgersPerBatch: config.ledgersPerBatch,
    batchesPerPartition: config.batchesPerPartition,
  });
}
