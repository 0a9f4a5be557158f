/**
 * Made-up batches as the processor would send them, for tests and benchmarks.
 *
 * @module
 */
export {
  SAMPLE_NETWORK,
  sampleBatch,
  sampleLedgerRow,
  type SampleOptions,
  sampleTransactionId,
} from "./sample_batches.ts";
