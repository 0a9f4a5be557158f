/**
 * Token transfers from Stellar ledgers, without the network around them: the rules, record batches of
 * events, filters.
 *
 * @example The events of one ledger
 * ```ts
 * import { LedgerProcessor } from "./mod.ts";
 *
 * const processor = new LedgerProcessor({
 *   networkPassphrase: "Test SDF Network ; September 2015",
 * });
 * processor.add(await Deno.readFile("tests/conformance/golden/meta-v1.xdr"));
 * processor.flush();
 * const [processed] = processor.take();
 * console.log(processed?.batch.numRows); // 7
 * ```
 *
 * @module
 */
export { EventFilter, type EventFilterOptions } from "./event_filter.ts";
export {
  LedgerProcessor,
  type LedgerProcessorOptions,
  type ProcessedBatch,
} from "./ledger_processor.ts";
export { PROCESSOR_METRICS } from "./processor_metrics.ts";
export {
  type ReferenceEvent,
  referenceEvents,
  type ReferenceMuxedInfo,
} from "./reference_format.ts";
export {
  type BalanceMismatch,
  BalanceVerification,
  type EventsMode,
  LedgerTransfers,
  TokenTransferError,
} from "./token_transfer/mod.ts";
