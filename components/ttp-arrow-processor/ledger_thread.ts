/**
 * A thread of the processor: a worker that runs ledger jobs. This module is the worker's entry point; in a
 * bundle, where all modules are one, the bundle itself is, and tells by {@linkcode isLedgerThread} what it is
 * to do.
 *
 * @module
 */
import { type LedgerJob, type LedgerThreadOptions, transferables } from "./ledger_job.ts";
import { LedgerJobRunner } from "./ledger_job_runner.ts";

const THREAD_NAME = "ledger-thread";

/** The part of a worker's global scope that is used here. */
interface ThreadScope {
  readonly name: string;
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

/** First message to a thread, then jobs. */
type ThreadMessage = { readonly options: LedgerThreadOptions } | { readonly job: LedgerJob };

/** Starts a thread; it takes jobs at once. */
export function startLedgerThread(options: LedgerThreadOptions): Worker {
  const worker = new Worker(import.meta.url, { type: "module", name: THREAD_NAME });
  worker.postMessage({ options } satisfies ThreadMessage);
  return worker;
}

/** Hands a job to a thread, its bytes included. */
export function postLedgerJob(worker: Worker, job: LedgerJob): void {
  worker.postMessage({ job } satisfies ThreadMessage, [job.bytes.buffer]);
}

/** Whether this code runs as a thread of the processor. */
export function isLedgerThread(): boolean {
  return "WorkerGlobalScope" in globalThis &&
    (globalThis as unknown as ThreadScope).name === THREAD_NAME;
}

if (isLedgerThread()) {
  const scope = globalThis as unknown as ThreadScope;
  let runner: LedgerJobRunner | undefined;
  scope.onmessage = ({ data }: MessageEvent<ThreadMessage>) => {
    if ("options" in data) {
      runner = new LedgerJobRunner(data.options);
      return;
    }
    const result = runner!.run(data.job);
    scope.postMessage(result, transferables(result.batches));
  };
}
