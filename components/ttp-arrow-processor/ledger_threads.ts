import type { RecordBatch } from "apache-arrow";
import {
  ledgerJob,
  type LedgerJobResult,
  type LedgerTask,
  type LedgerThreadOptions,
} from "./ledger_job.ts";
import type { EventFilterOptions } from "./event_filter.ts";
import { postLedgerJob, startLedgerThread } from "./ledger_thread.ts";

/** A thread and what it has been given and not yet answered. */
interface Thread {
  readonly worker: Worker;
  readonly jobs: Map<number, PromiseWithResolvers<LedgerJobResult>>;
}

/**
 * The threads that turn ledgers into events, shared by all streams. A job goes to the thread with the
 * least to do; threads are started when there is work for them.
 *
 * Life: made without threads; `stop()` ends them, and what they were at fails.
 */
export class LedgerThreads {
  readonly #options: LedgerThreadOptions;
  readonly #limit: number;
  readonly #threads: Thread[] = [];
  #nextId = 0;
  #stopped = false;

  /** `limit` is the number of threads at the most, at least 1. */
  constructor(options: LedgerThreadOptions, limit: number) {
    this.#options = options;
    this.#limit = limit;
  }

  /** Threads that have been started. */
  get size(): number {
    return this.#threads.length;
  }

  /** Jobs that are not answered yet. */
  get waiting(): number {
    return this.#threads.reduce((sum, { jobs }) => sum + jobs.size, 0);
  }

  /** Turns a batch of `stellar_ledger` into events, or proves them. Rejects when a thread breaks or is stopped. */
  async process(
    batch: RecordBatch,
    filter: EventFilterOptions | undefined,
    task: LedgerTask = "events",
  ): Promise<LedgerJobResult> {
    if (this.#stopped) throw new Error("The processor is stopping");
    const job = ledgerJob(this.#nextId++, batch, filter, task);
    const thread = this.#leastBusy();
    const answer = Promise.withResolvers<LedgerJobResult>();
    thread.jobs.set(job.id, answer);
    postLedgerJob(thread.worker, job);
    return await answer.promise;
  }

  /** Ends all threads at once. */
  stop(): void {
    this.#stopped = true;
    for (const thread of this.#threads.splice(0)) {
      end(thread, new Error("The processor is stopping"));
    }
  }

  #leastBusy(): Thread {
    let best = this.#threads[0];
    for (const thread of this.#threads) if (thread.jobs.size < best!.jobs.size) best = thread;
    if (best !== undefined && (best.jobs.size === 0 || this.#threads.length >= this.#limit)) {
      return best;
    }
    return this.#start();
  }

  #start(): Thread {
    const thread: Thread = { worker: startLedgerThread(this.#options), jobs: new Map() };
    thread.worker.onmessage = ({ data }: MessageEvent<LedgerJobResult>) => {
      const answer = thread.jobs.get(data.id);
      thread.jobs.delete(data.id);
      answer?.resolve(data);
    };
    // A thread that breaks takes its jobs along; the next job gets a new one.
    thread.worker.onerror = (event) => {
      event.preventDefault();
      const at = this.#threads.indexOf(thread);
      if (at >= 0) this.#threads.splice(at, 1);
      end(thread, new Error(`A thread of the processor broke: ${event.message}`));
    };
    this.#threads.push(thread);
    return thread;
  }
}

function end(thread: Thread, reason: Error): void {
  thread.worker.terminate();
  for (const answer of thread.jobs.values()) answer.reject(reason);
  thread.jobs.clear();
}
