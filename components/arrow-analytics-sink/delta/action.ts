/**
 * Actions of a Delta log, as the Delta transaction log protocol (reader 1, writer 2) writes them
 * in commits and checkpoints.
 */
export interface ProtocolAction {
  minReaderVersion: number;
  minWriterVersion: number;
}

/** What the table is. */
export interface MetaDataAction {
  id: string;
  name: string;
  format: { provider: string; options: Record<string, string> };
  schemaString: string;
  partitionColumns: string[];
  createdTime: number;
  configuration: Record<string, string>;
}

/** A file that belongs to the table. */
export interface AddAction {
  /** Relative to the table's folder, URL-encoded. */
  path: string;
  partitionValues: Record<string, string | null>;
  size: number;
  /** Milliseconds. */
  modificationTime: number;
  dataChange: boolean;
  /** JSON text, kept as text: a JS number would round its integers. */
  stats: string;
  /** Absent in files that another program wrote. */
  tags?: Record<string, string> | null;
}

/** A file that no longer belongs to the table. */
export interface RemoveAction {
  path: string;
  /** Milliseconds. */
  deletionTimestamp: number;
  dataChange: boolean;
  extendedFileMetadata: boolean;
  partitionValues: Record<string, string | null>;
  size: number;
}

/** How far an application has come. */
export interface TxnAction {
  appId: string;
  version: number;
  lastUpdated: number;
}

/** One line of a commit. */
export type Action =
  | { protocol: ProtocolAction }
  | { metaData: MetaDataAction }
  | { add: AddAction }
  | { remove: RemoveAction }
  | { txn: TxnAction };

/** The application whose `txn` version is the last ledger that a table covers. */
export const APP_ID = "obsrvr-stellar-components";

/** The oldest protocol that has all that is written here; every reader knows it. */
export const PROTOCOL: ProtocolAction = { minReaderVersion: 1, minWriterVersion: 2 };

/** What is wrong with a log. */
export type LogErrorCode = "DAMAGED" | "MISSING_VERSION" | "CONFLICT" | "UNSUPPORTED";

/** A log that cannot be read or continued; the message names the file. */
export class LogError extends Error {
  override readonly name = "LogError";
  constructor(readonly code: LogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }

  /** A log that is damaged stays so; after another program's commit a restart goes on from there. */
  get isFinal(): boolean {
    return this.code !== "CONFLICT";
  }
}
