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
  /** Closes what was opened. */
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
  close: () => {},
};
