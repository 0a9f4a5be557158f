/**
 * What of the sink is of use without it: the queue of what has come and waits for the disk, and its
 * metrics.
 *
 * @module
 */
export { IngestQueue, type IngestQueueOptions } from "./ingest_queue.ts";
export { SINK_METRICS } from "./sink_metrics.ts";
