import { decodeBatch, LakeError } from "../../stellar/lake/mod.ts";
import { LedgerError, XdrError } from "../../stellar/mod.ts";
import type { EventFilterOptions } from "./event_filter.ts";
import {
  type LedgerJob,
  type LedgerJobResult,
  type LedgerThreadOptions,
  packBatch,
} from "./ledger_job.ts";
import { LedgerProcessor } from "./ledger_processor.ts";
import { BalanceMismatchError, NOTHING_VERIFIED } from "./ledger_verification.ts";
import { TokenTransferError } from "./token_transfer/mod.ts";

/** Processors kept, one per filter that streams ask for: tables and columns of each take some MB. */
const MAX_PROCESSORS = 4;

/** Runs jobs one after the other, in a thread or without one. */
export class LedgerJobRunner {
  readonly #options: LedgerThreadOptions;
  readonly #processors = new Map<string, LedgerProcessor>();

  constructor(options: LedgerThreadOptions) {
    this.#options = options;
  }

  /**
   * Turns the job's ledgers into batches, up to the first ledger from which none can be made. It does not
   * throw: what goes wrong with one job must not cost the thread, which others use too.
   */
  run(job: LedgerJob): LedgerJobResult {
    try {
      return this.#run(job);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const { id } = job;
      return {
        id,
        batches: [],
        eventsByType: [],
        workMs: 0,
        verification: NOTHING_VERIFIED,
        failure: message,
      };
    }
  }

  #run(job: LedgerJob): LedgerJobResult {
    const begun = performance.now();
    const processor = this.#processor(job.filter);
    const before = processor.eventsByType.slice();
    let error: LedgerJobResult["error"];
    let start = 0;
    for (let i = 0; i < job.ends.length && error === undefined; i++) {
      error = workOnLedger(processor, job, i, start);
      start = job.ends[i]!;
    }
    processor.flush();
    return {
      id: job.id,
      batches: processor.take().map(packBatch),
      eventsByType: [...processor.eventsByType].map((count, type) => count - before[type]!),
      workMs: performance.now() - begun,
      verification: processor.verification.take(),
      ...(error === undefined ? {} : { error }),
    };
  }

  #processor(filter: EventFilterOptions | undefined): LedgerProcessor {
    const key =
      JSON.stringify(filter, (_name, value) => typeof value === "bigint" ? String(value) : value) ??
        "";
    let processor = this.#processors.get(key);
    if (processor === undefined) {
      const { filter: own, ...options } = this.#options;
      processor = new LedgerProcessor({
        ...options,
        filters: filter === undefined ? [own] : [own, filter],
      });
    }
    // The last one used goes to the end; the first one has been left alone the longest.
    this.#processors.delete(key);
    this.#processors.set(key, processor);
    if (this.#processors.size > MAX_PROCESSORS) {
      this.#processors.delete(this.#processors.keys().next().value!);
    }
    return processor;
  }
}

/** Does the job's task with its ledger `i`; returns why that cannot be done. */
function workOnLedger(
  processor: LedgerProcessor,
  job: LedgerJob,
  i: number,
  start: number,
): LedgerJobResult["error"] {
  const ledger = job.sequences[i]!;
  try {
    const stored = job.bytes.subarray(start, job.ends[i]!);
    const xdr = job.encodings[i] === "sep54" ? onlyLedger(stored, ledger) : stored;
    if (job.task === "verification") processor.verify(xdr, ledger);
    else processor.add(xdr, ledger);
    return undefined;
  } catch (error) {
    const isRule = error instanceof TokenTransferError || error instanceof LedgerError ||
      error instanceof BalanceMismatchError;
    if (isRule) return { ledger, message: error.message };
    if (error instanceof XdrError || error instanceof LakeError) {
      return { ledger, message: `Ledger ${ledger} does not decode: ${error.message}` };
    }
    throw error;
  }
}

function onlyLedger(stored: Uint8Array, ledger: number): Uint8Array {
  const { ledgers } = decodeBatch(stored, { requireZstd: true });
  if (ledgers.length === 1) return ledgers[0]!;
  throw new LedgerError(
    ledger,
    `Ledger ${ledger}: the source sent a batch of ${ledgers.length} ledgers where one is due`,
  );
}
