/**
 * What of the sink is of use without running it: its metrics as data, and the queue of what has come
 * and waits for the disk.
 *
 * @module
 */
export { IngestQueue, type IngestQueueOptions } from "./ingest_queue.ts";
export { SINK_METRICS } from "./sink_metrics.ts";
