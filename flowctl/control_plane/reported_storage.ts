import type { PipelineRun } from "./pipeline_run.ts";
import type { Storage, StoredService } from "./storage.ts";

/**
 * A storage whose failures to write are told and not thrown: the control plane goes on from memory
 * (a full disk must not make services unknown), and the next write that succeeds ends the failure.
 */
export class ReportedStorage implements Storage {
  readonly #storage: Storage;
  readonly #onError: (error: unknown) => void;
  #failure: unknown;

  /** `onError` hears of the first failure of each row of them. */
  constructor(storage: Storage, onError: (error: unknown) => void) {
    this.#storage = storage;
    this.#onError = onError;
  }

  /** What the last write failed with; `undefined` when it succeeded. */
  get failure(): unknown {
    return this.#failure;
  }

  services(): Iterable<StoredService> {
    return this.#storage.services();
  }

  saveServices(services: readonly StoredService[]): void {
    this.#try(() => this.#storage.saveServices(services));
  }

  removeServices(ids: readonly string[]): void {
    this.#try(() => this.#storage.removeServices(ids));
  }

  runs(): Iterable<PipelineRun> {
    return this.#storage.runs();
  }

  saveRun(run: PipelineRun): void {
    this.#try(() => this.#storage.saveRun(run));
  }

  removeRun(runId: string): void {
    this.#try(() => this.#storage.removeRun(runId));
  }

  close(): void {
    this.#storage.close();
  }

  #try(write: () => void): void {
    try {
      write();
      this.#failure = undefined;
    } catch (error) {
      if (this.#failure === undefined) this.#onError(error);
      this.#failure = error;
    }
  }
}
