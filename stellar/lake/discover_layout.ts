import {
  BatchLayout,
  type BatchName,
  type LedgerRange,
  parseBatchName,
  parsePartitionName,
} from "./batch_layout.ts";
import type { LakeConfig } from "./lake_config.ts";
import { LakeError } from "./lake_error.ts";
import type { LakeStorage } from "./lake_storage.ts";

/** A folder of batch files: the root where there are no partitions. */
export interface Partition extends LedgerRange {
  readonly folder: string;
}

/** The partitions of a lake from the oldest on; the root alone where it holds the batches itself. */
export async function listPartitions(storage: LakeStorage): Promise<Partition[]> {
  const names = await storage.list("") ?? [];
  const partitions: Partition[] = [];
  for (const name of names) {
    const range = parsePartitionName(name);
    if (range) partitions.push({ ...range, folder: name });
  }
  if (partitions.length === 0) {
    return [{ folder: "", startSequence: 0, endSequence: Number.MAX_SAFE_INTEGER }];
  }
  return partitions.sort((a, b) => a.startSequence - b.startSequence);
}

/** The batches in a partition, in no order; what is no batch file is passed over. */
export async function listBatches(
  storage: LakeStorage,
  partition: Partition,
): Promise<BatchName[]> {
  const batches: BatchName[] = [];
  for (const name of await storage.list(partition.folder) ?? []) {
    const batch = parseBatchName(name);
    if (batch) batches.push(batch);
  }
  return batches;
}

/**
 * Finds out how a lake is laid out, from its newest batch file's name and, where it has one, its
 * description; undefined while it holds no batch file.
 * Throws LakeError (`config`) when names and description do not fit each other.
 */
export async function discoverLayout(
  storage: LakeStorage,
  config: LakeConfig | undefined,
): Promise<BatchLayout | undefined> {
  const partitions = await listPartitions(storage);
  for (const partition of partitions.toReversed()) {
    const batches = await listBatches(storage, partition);
    if (batches.length === 0) continue;
    const batch = batches.reduce((a, b) => b.startSequence > a.startSequence ? b : a);
    return layoutOf(storage, config, partition, batch);
  }
  return undefined;
}

function layoutOf(
  storage: LakeStorage,
  config: LakeConfig | undefined,
  partition: Partition,
  batch: BatchName,
): BatchLayout {
  const ledgersPerBatch = config?.ledgersPerBatch ?? batch.endSequence - batch.startSequence + 1;
  const partitionLedgers = partition.endSequence - partition.startSequence + 1;
  const batchesPerPartition = config?.batchesPerPartition ??
    (partition.folder === "" ? 1 : Math.max(1, Math.floor(partitionLedgers / ledgersPerBatch)));
  for (const origin of [0, 2] as const) {
    const layout = new BatchLayout({
      ledgersPerBatch,
      batchesPerPartition,
      origin,
      extension: batch.extension,
    });
    const at = layout.batchAt(batch.startSequence);
    if (
      at.startSequence === batch.startSequence && at.endSequence === batch.endSequence &&
      layout.partitionAt(batch.startSequence) === partition.folder
    ) return layout;
  }
  const found = `${partition.folder === "" ? "no partition" : `partition ${partition.folder}`}, ` +
    `batch ${batch.startSequence} to ${batch.endSequence}`;
  throw new LakeError(
    "config",
    `The files of ${storage.where} do not fit ${ledgersPerBatch} ledgers a batch and ` +
      `${batchesPerPartition} batches a partition: found ${found}.`,
    { sequence: batch.startSequence },
  );
}
