import { KeptRows } from "./kept_rows.ts";
import type { PipelineRun } from "./pipeline_run.ts";
import type { StateFile, Storage, StoredService } from "./storage.ts";

/**
 * A state file whose failures are told and not thrown: the control plane goes on from memory (a full
 * disk must not make services unknown). What could not be written is written with the next write or
 * at the next check, whichever succeeds first; a file that was removed is made anew with all of it.
 */
export class ReportedStorage implements Storage {
  readonly #open: () => StateFile;
  readonly #onError: (error: unknown) => void;
  readonly #services = new KeptRows<StoredService>();
  readonly #runs = new KeptRows<PipelineRun>();
  /** Absent where the file was removed and could not be made anew yet. */
  #file: StateFile | undefined;
  #failure: unknown;

  /**
   * Opens the file; what that throws is thrown.
   *
   * @param open opens the file, or makes it
   * @param onError hears of each removal of the file, and of the first failure of each row of them
   */
  constructor(open: () => StateFile, onError: (error: unknown) => void) {
    this.#open = open;
    this.#onError = onError;
    this.#file = open();
  }

  /** Why the file does not hold all that it should; `undefined` when it does. */
  get failure(): unknown {
    return this.#failure;
  }

  services(): Iterable<StoredService> {
    const services = [...this.#file?.services() ?? []];
    for (const service of services) this.#services.found(service.registration.id, service);
    return services;
  }

  saveServices(services: readonly StoredService[]): void {
    for (const service of services) this.#services.set(service.registration.id, service);
    this.#write();
  }

  removeServices(ids: readonly string[]): void {
    for (const id of ids) this.#services.delete(id);
    this.#write();
  }

  runs(): Iterable<PipelineRun> {
    const runs = [...this.#file?.runs() ?? []];
    for (const run of runs) this.#runs.found(run.runId, run);
    return runs;
  }

  saveRun(run: PipelineRun): void {
    this.#runs.set(run.runId, run);
    this.#write();
  }

  removeRun(runId: string): void {
    this.#runs.delete(runId);
    this.#write();
  }

  check(): void {
    const file = this.#file;
    const removal = file?.removal();
    if (removal === undefined) return this.#write();
    this.#onError(removal);
    this.#services.lost();
    this.#runs.lost();
    this.#file = undefined;
    this.#write(file);
  }

  close(): void {
    this.#file?.close();
  }

  #write(removed?: StateFile): void {
    try {
      removed?.close();
      const file = this.#file ??= this.#open();
      this.#services.write({
        save: (services) => file.saveServices(services),
        remove: (ids) => file.removeServices(ids),
      });
      this.#runs.write({
        save: (runs) => file.saveRuns(runs),
        remove: (ids) => file.removeRuns(ids),
      });
      this.#failure = undefined;
    } catch (error) {
      if (this.#failure === undefined) this.#onError(error);
      this.#failure = error;
    }
  }
}
