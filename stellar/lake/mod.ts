/** Lakes of ledgers in files (SEP-54): names, batch files, reading and writing. */
export {
  decodeBatch,
  type DecodeBatchOptions,
  encodeBatch,
  type LedgerBatch,
  ledgerSequence,
  MAX_BATCH_BYTES,
  MAX_LEDGER_BYTES,
} from "./batch_file.ts";
export {
  BATCH_EXTENSIONS,
  type BatchExtension,
  BatchLayout,
  type BatchLocation,
  type BatchName,
  type LedgerRange,
  MAX_LEDGER_SEQUENCE,
  parseBatchName,
  parsePartitionName,
} from "./batch_layout.ts";
export {
  formatLakeConfig,
  LAKE_CONFIG_NAME,
  type LakeConfig,
  parseLakeConfig,
} from "./lake_config.ts";
export { LakeError, type LakeErrorCode } from "./lake_error.ts";
export { FilesystemLake } from "./filesystem_lake.ts";
export { Lake, type LakeBatch, type LakeOptions, type ReadLakeOptions } from "./lake.ts";
export type { LakeClock } from "./lake_clock.ts";
export {
  FolderStorage,
  type LakeStorage,
  MAX_STORED_BYTES,
  type StoredFile,
} from "./lake_storage.ts";
export type { LakeBounds } from "./lake_tip.ts";
export { LakeWriter } from "./lake_writer.ts";
export { decompressZstd, isZstd } from "./zstd_frame.ts";
