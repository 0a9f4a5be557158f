import type { RecordBatch } from "apache-arrow";

/** Bytes of all columns of a batch. */
export function columnBytes(batch: RecordBatch): number {
  return batch.data.children.reduce((sum, child) => sum + child.byteLength, 0);
}
