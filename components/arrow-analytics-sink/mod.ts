/**
 * What others may know of the sink without running it.
 *
 * @module
 */
export { SINK_METRICS } from "./sink_metrics.ts";
