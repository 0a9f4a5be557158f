/**
 * All metrics of the product, as data.
 *
 * @module
 */
export {
  METRIC_PROGRAMS,
  type MetricGroup,
  type MetricProgram,
  PRODUCT_METRICS,
} from "./product_metrics.ts";
