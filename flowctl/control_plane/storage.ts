import type { PipelineRun } from "./pipeline_run.ts";
import type { Registration, ServiceStatus } from "../service/mod.ts";

/** A service as it is kept. */
export interface StoredService {
  /** What it told when it registered, with the id that it was given. */
  readonly registration: Registration;
  /** What it told last of how it is. */
  readonly status: ServiceStatus;
  /** Metrics of its heartbeats. */
  readonly metrics: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly registeredAt: number;
  /** Milliseconds since 1970. */
  readonly lastHeartbeatAt: number;
}

/** Keeps services and pipeline runs beyond the life of the process. All calls are synchronous. */
export interface Storage {
  /** All that was kept. */
  services(): Iterable<StoredService>;
  /** Keeps services, all or none of them; those of the same ids are replaced. */
  saveServices(services: readonly StoredService[]): void;
  /** Forgets services. */
  removeServices(ids: readonly string[]): void;
  /** All runs that were kept. */
  runs(): Iterable<PipelineRun>;
  /** Keeps a run; one of the same id is replaced. */
  saveRun(run: PipelineRun): void;
  /** Forgets a run. */
  removeRun(runId: string): void;
  /** Told now and then: tries again what could not be kept. */
  check(): void;
  /** Closes what was opened. */
  close(): void;
}

/** A file of services and runs. Its calls throw what cannot be read or written. */
export interface StateFile {
  /** All services in it. */
  services(): Iterable<StoredService>;
  /** Writes services, all or none of them; those of the same ids are replaced. */
  saveServices(services: readonly StoredService[]): void;
  /** Removes services, all or none of them. */
  removeServices(ids: readonly string[]): void;
  /** All runs in it. */
  runs(): Iterable<PipelineRun>;
  /** Writes runs, all or none of them; those of the same ids are replaced. */
  saveRuns(runs: readonly PipelineRun[]): void;
  /** Removes runs, all or none of them. */
  removeRuns(runIds: readonly string[]): void;
  /** What to say where the file is no longer where it was opened: what is written to it is lost. */
  removal(): Error | undefined;
  /** Closes it. */
  close(): void;
}

/** The path with which nothing is kept. */
export const MEMORY = ":memory:";

/** Keeps nothing: what is known is gone with the process. */
export const noStorage: Storage = {
  services: () => [],
  saveServices: () => {},
  removeServices: () => {},
  runs: () => [],
  saveRun: () => {},
  removeRun: () => {},
  check: () => {},
  close: () => {},
};
