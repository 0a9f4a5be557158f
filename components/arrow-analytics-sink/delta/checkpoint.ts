import {
  Bool,
  DataType,
  Field,
  Int,
  List,
  Map_,
  RecordBatch,
  RecordBatchReader,
  Schema,
  Struct,
  Utf8,
} from "apache-arrow";
import { makeData } from "apache-arrow";
import { encodeRecordBatch, type ParquetWasm } from "../writers/mod.ts";
import { type Action, APP_ID, LogError, type RemoveAction } from "./action.ts";
import { actionColumn } from "./action_column.ts";
import { Snapshot } from "./snapshot.ts";

const utf8 = () => new Utf8();
const int64 = () => new Int(true, 64);
const int32 = () => new Int(true, 32);
const optional = (name: string, type: DataType) => new Field(name, type, true);
const struct = (...fields: Field[]) => new Struct(fields);
/** A Parquet map: its key may not be null, and readers look for the name `key_value`. */
const map = () =>
  new Map_(
    new Field(
      "key_value",
      new Struct<{ key: Utf8; value: Utf8 }>([
        new Field("key", utf8(), false),
        new Field("value", utf8(), true),
      ]),
      false,
    ),
  );

/** Columns of a checkpoint: one nullable struct an action. */
const COLUMNS: readonly (readonly [keyof UnionOfActions, Struct])[] = [
  [
    "txn",
    struct(
      optional("appId", utf8()),
      optional("version", int64()),
      optional("lastUpdated", int64()),
    ),
  ],
  [
    "add",
    struct(
      optional("path", utf8()),
      optional("partitionValues", map()),
      optional("size", int64()),
      optional("modificationTime", int64()),
      optional("dataChange", new Bool()),
      optional("stats", utf8()),
      optional("tags", map()),
    ),
  ],
  [
    "remove",
    struct(
      optional("path", utf8()),
      optional("deletionTimestamp", int64()),
      optional("dataChange", new Bool()),
      optional("extendedFileMetadata", new Bool()),
      optional("partitionValues", map()),
      optional("size", int64()),
    ),
  ],
  [
    "metaData",
    struct(
      optional("id", utf8()),
      optional("name", utf8()),
      optional(
        "format",
        struct(optional("provider", utf8()), optional("options", map())),
      ),
      optional("schemaString", utf8()),
      optional("partitionColumns", new List(optional("element", utf8()))),
      optional("createdTime", int64()),
      optional("configuration", map()),
    ),
  ],
  [
    "protocol",
    struct(optional("minReaderVersion", int32()), optional("minWriterVersion", int32())),
  ],
];

type UnionOfActions = { txn: 0; add: 0; remove: 0; metaData: 0; protocol: 0 };

/** Path and statistics of files, of a path's several ones the newest first. */
export type FileStatistics = AsyncIterable<readonly [path: string, stats: string]>;

/**
 * The actions that make a snapshot, in the order of a checkpoint's rows, made one by one. The
 * statistics of its files come from `statistics`; a file that has none there keeps the number of
 * its rows. Removals before `removedSince` (milliseconds) are left out.
 */
export async function* checkpointActions(
  snapshot: Snapshot,
  removedSince: number,
  statistics: FileStatistics,
): AsyncGenerator<Action, void, undefined> {
  if (snapshot.protocol) yield { protocol: snapshot.protocol };
  if (snapshot.metaData) yield { metaData: snapshot.metaData };
  for (const txn of snapshot.txns.values()) yield { txn };
  const done = new Set<string>();
  for await (const [path, stats] of statistics) {
    const add = snapshot.files.get(path);
    if (add === undefined || done.has(path)) continue;
    done.add(path);
    yield { add: { ...add, stats, dataChange: false } };
  }
  for (const add of snapshot.files.values()) {
    if (!done.has(add.path)) yield { add: { ...add, dataChange: false } };
  }
  for (const remove of snapshot.removed.values()) {
    if (isOld(remove, removedSince)) continue;
    yield { remove: { ...remove, dataChange: false } };
  }
}

/** How many actions `checkpointActions` makes. */
export function checkpointSize(snapshot: Snapshot, removedSince: number): number {
  const { protocol, metaData, txns, files, removed } = snapshot;
  let size = (protocol ? 1 : 0) + (metaData ? 1 : 0) + txns.size + files.size;
  for (const remove of removed.values()) if (!isOld(remove, removedSince)) size++;
  return size;
}

function isOld(remove: RemoveAction, removedSince: number): boolean {
  return remove.deletionTimestamp < removedSince;
}

/**
 * Path and statistics of the files in one file of a checkpoint. A damaged one has none: readers
 * then open more files than they need, and find the same rows.
 */
export function* checkpointStatistics(
  wasm: ParquetWasm,
  file: Uint8Array,
): Generator<readonly [string, string], void, undefined> {
  try {
    const ipc = wasm.readParquet(file).intoIPCStream();
    for (const batch of RecordBatchReader.from(ipc)) {
      const add = batch.getChild("add");
      const [paths, stats] = [add?.getChild("path"), add?.getChild("stats")];
      for (let row = 0; row < batch.numRows; row++) {
        const [path, text] = [paths?.get(row), stats?.get(row)];
        if (typeof path === "string" && typeof text === "string") yield [path, text];
      }
    }
  } catch {
    // Whoever opens the log next passes it over as well.
  }
}

/** Actions after which others have a turn: a few milliseconds. */
const ACTIONS_PER_TURN = 1_000;

/**
 * The next file of a checkpoint: at most `most` of these actions, one a row. The event loop turns
 * while rows are gathered; only the encoding of the file holds it up.
 */
export async function encodeCheckpoint(
  wasm: ParquetWasm,
  actions: AsyncIterator<Action>,
  most = Infinity,
): Promise<Uint8Array> {
  const columns = COLUMNS.map(([name, type]) => ({ name, column: actionColumn(type) }));
  let size = 0;
  while (size < most) {
    const { value: action, done } = await actions.next();
    if (done) break;
    for (const { name, column } of columns) {
      column.append((action as Record<string, unknown>)[name]);
    }
    if (++size % ACTIONS_PER_TURN === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const schema = new Schema(COLUMNS.map(([name, type]) => optional(name, type)));
  const batch = new RecordBatch(
    schema,
    makeData({
      type: new Struct(schema.fields),
      length: size,
      nullCount: 0,
      children: columns.map(({ column }) => column.toData()),
    }),
  );
  return encodeRecordBatch(wasm, batch, "snappy");
}

/** The snapshot that a checkpoint's files hold. Throws LogError when one is damaged. */
export async function decodeCheckpoint(
  wasm: ParquetWasm,
  files: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  version: number,
): Promise<Snapshot> {
  const snapshot = new Snapshot();
  for await (const file of files) applyFile(wasm, file, version, snapshot);
  if (snapshot.protocol === undefined || snapshot.metaData === undefined) {
    throw new LogError("DAMAGED", `Checkpoint ${version} has no protocol or no metaData.`);
  }
  if (!snapshot.txns.has(APP_ID)) {
    throw new LogError("DAMAGED", `Checkpoint ${version} has no txn of ${APP_ID}.`);
  }
  snapshot.version = version;
  return snapshot;
}

function applyFile(
  wasm: ParquetWasm,
  file: Uint8Array,
  version: number,
  snapshot: Snapshot,
): void {
  try {
    const ipc = wasm.readParquet(file).intoIPCStream();
    for (const batch of RecordBatchReader.from(ipc)) {
      for (const [name] of COLUMNS) {
        const column = batch.getChild(name);
        if (!column) continue;
        for (const value of column) {
          if (value === null) continue;
          snapshot.apply({ [name]: fromArrowValue(value) } as unknown as Action);
        }
      }
    }
  } catch (error) {
    if (error instanceof LogError) throw error;
    throw new LogError("DAMAGED", `Checkpoint ${version} cannot be read.`, { cause: error });
  }
}

/** Structs and maps as objects, 64-bit integers as numbers (sizes, times and ledgers are small). */
function fromArrowValue(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value === null || typeof value !== "object") return value;
  // A struct row iterates over [name, value], a map row over [key, value], a list over values.
  const entries = [...value as Iterable<unknown>];
  if ("toArray" in value) return entries.map(fromArrowValue);
  return Object.fromEntries(
    (entries as [string, unknown][])
      .map(([key, item]) => [key, fromArrowValue(item)]),
  );
}
