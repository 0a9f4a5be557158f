/**
 * What others may know of the source without running it.
 *
 * @module
 */
export { SOURCE_METRICS } from "./source_metrics.ts";
