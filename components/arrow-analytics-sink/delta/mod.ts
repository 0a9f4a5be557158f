/**
 * The Delta Lake transaction log: commits, checkpoints, identity and partitioning of a table.
 *
 * @module
 */
export {
  type Action,
  type AddAction,
  APP_ID,
  LogError,
  type LogErrorCode,
  type MetaDataAction,
  PROTOCOL,
  type ProtocolAction,
  type RemoveAction,
  type TxnAction,
} from "./action.ts";
export {
  CHECKPOINT_INTERVAL,
  CHECKPOINT_PART_ACTIONS,
  DeltaLog,
  REMOVED_FILE_AGE_MS,
  writeDurably,
} from "./delta_log.ts";
export {
  checkIdentity,
  checkPartitioning,
  checkSetting,
  firstLedgerOf,
  IdentityError,
  identityOf,
  newMetaData,
  NO_FILTERS,
  schemaString,
  type TableIdentity,
  uuid5,
} from "./identity.ts";
export {
  decodePath,
  encodePath,
  hiveEscape,
  type PartitionBy,
  Partitioning,
} from "./partitioning.ts";
export { Snapshot } from "./snapshot.ts";
