import { ConfigError, type ResolvedConfig } from "../../flowctl/mod.ts";
import { decodeStrkey, encodeStrkey, StrkeyVersion } from "../../stellar/mod.ts";
import type { PartitionBy } from "./delta/mod.ts";
import { DenoStorage } from "./storage/mod.ts";
import type { StoreOptions } from "./tables/mod.ts";
import {
  CsvWriter,
  type FormatWriter,
  type JsonFormat,
  JsonWriter,
  type ParquetCompression,
  ParquetWriter,
} from "./writers/mod.ts";

/** What the configuration says about the store, in the store's own terms. */
export async function storeOptions(
  config: ResolvedConfig,
  now: () => number,
): Promise<StoreOptions & { parquet: ParquetWriter | undefined }> {
  const formats = new Set(config.list("OUTPUT_FORMATS"));
  const unknown = [...formats].filter((format) => !FORMATS.includes(format));
  if (unknown.length > 0 || formats.size === 0) {
    throw new ConfigError(config.component, [{
      variable: "OUTPUT_FORMATS",
      value: config.shown("OUTPUT_FORMATS"),
      origin: config.origin("OUTPUT_FORMATS"),
      rule: `must name one or more of ${FORMATS.join(", ")}`,
      example: "OUTPUT_FORMATS=parquet,json",
    }]);
  }
  const parquet = formats.has("parquet")
    ? await ParquetWriter.create(config.string("PARQUET_COMPRESSION") as ParquetCompression)
    : undefined;
  const writers: FormatWriter[] = parquet === undefined ? [] : [parquet];
  if (formats.has("json")) writers.push(new JsonWriter(config.string("JSON_FORMAT") as JsonFormat));
  if (formats.has("csv")) {
    writers.push(new CsvWriter(config.string("CSV_DELIMITER").replace("\\t", "\t")));
  }
  const endLedger = config.integer("END_LEDGER");
  return {
    storage: new DenoStorage(),
    path: config.string("OUTPUT_PATH").replace(/(?<=.)\/+$/, ""),
    writers,
    parquet,
    partitionBy: config.string("PARTITION_BY") as PartitionBy,
    parquetSchema: config.string("PARQUET_SCHEMA") as "native" | "hubble",
    rowsPerFile: config.integer("PARQUET_BATCH_SIZE"),
    startLedger: config.optionalInteger("START_LEDGER"),
    endLedger: endLedger === 0 ? undefined : endLedger,
    verifyChain: config.boolean("VERIFY_CHAIN"),
    muxedAddress,
    holder: `pid ${Deno.pid}, since ${new Date(now()).toISOString()}`,
    now,
  };
}

/** Outputs that are written. */
const FORMATS: readonly string[] = ["parquet", "json", "csv"];

/** Bytes of an ed25519 public key in an M… address; the id follows in 8. */
const KEY_BYTES = 32;

/** The M… address of a G… account and an id; undefined for anything else (SEP-23). */
export function muxedAddress(account: string, id: string): string | undefined {
  if (!account.startsWith("G") || !/^\d{1,20}$/.test(id)) return undefined;
  const payload = new Uint8Array(KEY_BYTES + 8);
  payload.set(decodeStrkey(account).payload);
  new DataView(payload.buffer).setBigUint64(KEY_BYTES, BigInt(id));
  return encodeStrkey(StrkeyVersion.muxedAccount, payload);
}
