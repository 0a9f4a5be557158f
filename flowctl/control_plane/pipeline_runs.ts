import { Buffer } from "node:buffer";
import type { Clock } from "../component/mod.ts";
import { GrpcError } from "../../grpc/mod.ts";
import {
  DEFAULT_RUNS_LISTED,
  MAX_PIPELINE_RUN_BYTES,
  MAX_PIPELINE_RUNS,
  MAX_TEXT_LENGTH,
  RUN_SILENT_MS,
} from "./limits.ts";
import { hasEnded, type PipelineRun, type RunMetrics, type RunStatus } from "./pipeline_run.ts";
import type { Storage } from "./storage.ts";
import { uniqueId } from "./unique_id.ts";

/** What a new run is made of. */
export type NewRun = Pick<PipelineRun, "runId" | "pipelineName" | "configYaml" | "componentIds">;

/** What has become of a run; UNKNOWN and empty fields leave what is known. */
export interface RunUpdate {
  /** How far it has come. */
  readonly status: RunStatus;
  /** What went through it. */
  readonly metrics?: RunMetrics;
  /** Why it failed. */
  readonly error: string;
}

/** Which runs are asked for. */
export interface RunQuery {
  /** Empty: any. */
  readonly pipelineName: string;
  /** UNKNOWN: any. */
  readonly status: RunStatus;
  /** Most of them; 0: a hundred. */
  readonly limit: number;
}

/**
 * The runs of pipelines, bounded in number. Where room is needed, one is forgotten: the oldest that has
 * ended, else of the active ones that are not heard of any more (their runner has crashed, or does not
 * tell) the most silent, those first whose pipeline was started again since.
 */
export class PipelineRuns {
  readonly #clock: Clock;
  readonly #storage: Storage;
  /** In the order in which they were created. */
  readonly #runs = new Map<string, PipelineRun>();

  /** Begins with what the storage holds. */
  constructor(clock: Clock, storage: Storage) {
    this.#clock = clock;
    this.#storage = storage;
    for (const run of [...storage.runs()].sort((a, b) => a.startTime - b.startTime)) {
      // State files of before have no time of the last update.
      this.#runs.set(run.runId, { ...run, updatedAt: run.updatedAt ?? run.startTime });
    }
  }

  /**
   * Notes a run, which is STARTING. The same again (an answer that was lost) gives the same run.
   * Throws GrpcError FAILED_PRECONDITION when another run has that id.
   */
  create(run: NewRun): PipelineRun {
    if (run.pipelineName === "") throw invalid("pipeline_name must be set");
    for (const text of [run.runId, run.pipelineName]) {
      if (text.length > MAX_TEXT_LENGTH) {
        throw invalid(`run_id and pipeline_name have at most ${MAX_TEXT_LENGTH} characters`);
      }
    }
    const known = this.#runs.get(run.runId);
    if (known !== undefined) {
      const same = known.pipelineName === run.pipelineName && known.configYaml === run.configYaml;
      if (same) return known;
      throw new GrpcError("FAILED_PRECONDITION", `pipeline run ${run.runId} exists already`);
    }
    const runId = run.runId || uniqueId("run", this.#clock, (id) => this.#runs.has(id));
    const startTime = this.#clock.now();
    const started = {
      ...run,
      runId,
      status: "STARTING",
      startTime,
      updatedAt: startTime,
      error: "",
    } as const;
    // What is refused must not cost another run its place.
    checkBytes(started);
    this.#makeRoom();
    return this.#keep(started);
  }

  /**
   * Notes what has become of a run. Throws GrpcError NOT_FOUND when it is not known, and
   * FAILED_PRECONDITION when it has ended otherwise: a runner that was slow to tell of its start must
   * not bring a run back that was stopped meanwhile. (Go's flowctl lets it; its runner heeds no answer.)
   */
  update(runId: string, { status, metrics, error }: RunUpdate): PipelineRun {
    const { endTime, ...run } = this.get(runId);
    const becomes = status === "UNKNOWN" ? run.status : status;
    if (hasEnded(run.status) && becomes !== run.status) {
      const text = `pipeline run ${runId} has ended as ${run.status} and cannot become ${becomes}`;
      throw new GrpcError("FAILED_PRECONDITION", `${text}: create another run`);
    }
    const updatedAt = this.#clock.now();
    const updated = {
      ...run,
      status: becomes,
      updatedAt,
      ...(metrics === undefined ? {} : { metrics }),
      error: error === "" ? run.error : error,
      ...(hasEnded(becomes) ? { endTime: endTime ?? updatedAt } : {}),
    };
    checkBytes(updated);
    return this.#keep(updated);
  }

  /** Notes that a run was stopped; one that has ended stays as it is. */
  stop(runId: string): PipelineRun {
    const run = this.get(runId);
    return hasEnded(run.status) ? run : this.update(runId, { status: "STOPPED", error: "" });
  }

  /** One run. Throws GrpcError NOT_FOUND when it is not known. */
  get(runId: string): PipelineRun {
    const run = this.#runs.get(runId);
    // The Go flowctl's sentence, which clients may look for.
    if (run === undefined) throw new GrpcError("NOT_FOUND", `pipeline run not found: ${runId}`);
    return run;
  }

  /** Runs, the latest first. */
  list({ pipelineName, status, limit }: RunQuery): PipelineRun[] {
    if (limit < 0) throw invalid(`limit must be 0 or more: ${limit}`);
    const found = [...this.#runs.values()].reverse().filter((run) =>
      (pipelineName === "" || run.pipelineName === pipelineName) &&
      (status === "UNKNOWN" || run.status === status)
    );
    return found.slice(0, limit || DEFAULT_RUNS_LISTED);
  }

  /** Names of pipelines by the ids of their components, of the runs that have not ended. */
  pipelines(): ReadonlyMap<string, string> {
    const names = new Map<string, string>();
    for (const { status, pipelineName, componentIds } of this.#runs.values()) {
      if (hasEnded(status)) continue;
      for (const id of componentIds) names.set(id, pipelineName);
    }
    return names;
  }

  /** Number of runs that have not ended. */
  get active(): number {
    return [...this.#runs.values()].filter((run) => !hasEnded(run.status)).length;
  }

  #keep(run: PipelineRun): PipelineRun {
    this.#runs.set(run.runId, run);
    this.#storage.saveRun(run);
    return run;
  }

  #makeRoom(): void {
    if (this.#runs.size < MAX_PIPELINE_RUNS) return;
    const displaced = this.#displaced();
    if (displaced === undefined) {
      const text = `${MAX_PIPELINE_RUNS} pipeline runs are active, and no more can be`;
      throw new GrpcError("RESOURCE_EXHAUSTED", text);
    }
    this.#runs.delete(displaced.runId);
    this.#storage.removeRun(displaced.runId);
  }

  /** Which run is missed the least; `undefined` when all are active and were heard of lately. */
  #displaced(): PipelineRun | undefined {
    const runs = [...this.#runs.values()];
    const ended = runs.find((run) => hasEnded(run.status));
    if (ended !== undefined) return ended;
    const now = this.#clock.now();
    const silent = runs.filter((run) => now - run.updatedAt > RUN_SILENT_MS)
      .sort((a, b) => a.updatedAt - b.updatedAt);
    // Of a pipeline that crashes again and again only the last run may be alive.
    const latest = new Map(runs.map((run) => [run.pipelineName, run]));
    return silent.find((run) => latest.get(run.pipelineName) !== run) ?? silent[0];
  }
}

function checkBytes(run: PipelineRun): void {
  const bytes = Buffer.byteLength(JSON.stringify(run));
  if (bytes <= MAX_PIPELINE_RUN_BYTES) return;
  const text =
    `pipeline run ${run.runId} takes ${bytes} bytes, more than ${MAX_PIPELINE_RUN_BYTES}`;
  throw new GrpcError("RESOURCE_EXHAUSTED", text);
}

function invalid(text: string): GrpcError {
  return new GrpcError("INVALID_ARGUMENT", text);
}
