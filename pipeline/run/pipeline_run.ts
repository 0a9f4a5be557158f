import {
  type Clock,
  describeError,
  isFedBy,
  realClock,
  upstreamVariable,
} from "../../flowctl/mod.ts";
import { ControlServer, type PipelineStatus, StatusCollector } from "../control/mod.ts";
import {
  type ConsoleOutput,
  isProgressRecord,
  LOGGED_LINE_EVERY_MS,
  newestCommit,
  NO_TOTALS,
  Progress,
  ProgressDisplay,
  readSinkTotals,
  type RunFacts,
  runSummary,
  type SinkTotals,
  WATCHED_LINE_EVERY_MS,
} from "../display/mod.ts";
import { type PipelinePlan, type PlanOptions, stagesOf, supervisionLimits } from "../plan/mod.ts";
import { ComponentProcess, processStart, type StopRequests } from "../process/mod.ts";
import type { ProcessRecord, RunRecord, StateClaim } from "../state/mod.ts";
import { type RunEnd, Supervisor } from "../supervision/mod.ts";
import { askEndpoints } from "./endpoint_questions.ts";
import { RunMonitor } from "./run_monitor.ts";
import type { RunOutput } from "./run_output.ts";
import { shortName } from "./short_name.ts";

/** Name of the component whose tables are the pipeline's result. */
const SINK = "arrow-analytics-sink";

/** Time between two looks whether the state folder is still there. */
const KEEP_EVERY_MS = 2_000;

/** What a run is made of. */
export interface PipelineRunOptions {
  readonly plan: PipelinePlan;
  readonly planOptions: PlanOptions;
  /** Name or path of the profile. */
  readonly profile: string;
  readonly output: RunOutput;
  readonly console: ConsoleOutput;
  /** The state folder, claimed and in the end released by the caller. */
  readonly claim: StateClaim;
  readonly detached: boolean;
  readonly clock?: Clock;
}

/** One run of the pipeline: supervised, shown, found by other commands, and summed up at its end. */
export class PipelineRun {
  readonly #options: PipelineRunOptions;
  readonly #clock: Clock;
  readonly #since: string;
  readonly #supervisor: Supervisor;
  readonly #collector: StatusCollector;
  readonly #monitor: RunMonitor;
  readonly #display: ProgressDisplay;
  /** Whether the tip of this pipeline's source is the tip of what is stored. */
  readonly #readsOwnSource: boolean;
  readonly #outputPath: string | undefined;
  readonly #formats: readonly string[];
  readonly #endLedger: number;
  #state: PipelineStatus["state"] = "starting";
  #lastStartAtMs: number | undefined;
  /** The processes that run, by short name. */
  readonly #processes = new Map<string, ProcessRecord>();
  #recording: Promise<void> = Promise.resolve();

  constructor(options: PipelineRunOptions) {
    const { plan, console } = options;
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#since = new Date(this.#clock.now()).toISOString();
    const sink = plan.components.find(({ declaration }) => declaration.name === SINK)?.config;
    this.#outputPath = sink?.string("OUTPUT_PATH");
    this.#formats = sink?.list("OUTPUT_FORMATS") ?? [];
    this.#endLedger = sink?.integer("END_LEDGER") ?? 0;
    this.#readsOwnSource = plan.components.every(({ declaration, config }, at) => {
      const upstream = upstreamVariable(declaration);
      if (upstream === undefined) return true;
      const before = plan.components[at - 1]?.declaration;
      return !config.isSet(upstream) && before !== undefined && isFedBy(declaration, before);
    });
    this.#supervisor = this.#supervise(sink !== undefined);
    this.#collector = new StatusCollector(
      () => this.#supervisor.snapshots,
      shortName,
      this.#clock,
    );
    this.#monitor = new RunMonitor({
      components: plan.components,
      snapshots: () => this.#supervisor.snapshots,
      clock: this.#clock,
    });
    this.#display = new ProgressDisplay(
      console,
      new Progress({
        startLedger: sink?.optionalInteger("START_LEDGER"),
        endLedger: this.#endLedger,
      }),
      {
        say: (text) => options.output.line(text),
        everyMs: options.detached ? LOGGED_LINE_EVERY_MS : WATCHED_LINE_EVERY_MS,
      },
      () => this.#position(),
    );
  }

  /** Runs to the end; answers the exit code. */
  async run(requests: StopRequests): Promise<number> {
    const { output } = this.#options;
    const startedAt = this.#clock.monotonic();
    const commitBefore = await this.#newestCommit();
    requests.signal.addEventListener("abort", () => {
      this.#state = "stopping";
      this.#display.stop();
    }, { once: true });
    await using control = new ControlServer({
      status: () => this.status(),
      health: () => askEndpoints(this.#options.plan.components, this.#supervisor.snapshots),
      report: () => this.#monitor.report(),
      restart: (component) => this.#supervisor.restart(component),
    });
    const port = control.start();
    const record = this.#runRecord({ port, token: control.token });
    await this.#writeRun(record);
    const keeping = this.#clock.setInterval(
      () => this.#record(() => this.#keepFolder(record, requests)),
      KEEP_EVERY_MS,
    );
    this.#collector.start();
    this.#monitor.start();
    let end: RunEnd;
    try {
      end = await this.#supervisor.run(requests.signal, requests.urgent, () => {
        this.#state = requests.signal.aborted ? "stopping" : "running";
        const seconds = ((this.#clock.monotonic() - startedAt) / 1000).toFixed(1);
        output.line(`all components are ready after ${seconds} s`);
        if (this.#outputPath !== undefined) this.#display.start();
      });
    } finally {
      this.#state = "stopping";
      keeping.stop();
      this.#collector.stop();
      await this.#monitor.stop();
      this.#display.stop();
      await this.#recording;
    }
    const commit = await this.#newestCommit();
    this.#summarise(end, commit !== undefined && commit === commitBefore);
    return end.exitCode;
  }

  /** The run as `status` tells it. */
  status(): PipelineStatus {
    const { profile, detached } = this.#options;
    return {
      state: this.#state,
      profile,
      pid: Deno.pid,
      since: this.#since,
      detached,
      components: this.#collector.components(),
    };
  }

  #supervise(canFinish: boolean): Supervisor {
    const { plan, planOptions, output, console } = this.#options;
    // Whoever asks for more than the default wants every record.
    const verbose = new Set(
      plan.components.filter(({ config }) => config.string("LOG_LEVEL") === "debug")
        .map(({ declaration }) => declaration.name),
    );
    return new Supervisor({
      stages: stagesOf(plan, planOptions),
      canFinish,
      spawn: (launch, onLine) => new ComponentProcess(launch, onLine),
      clock: this.#clock,
      limits: supervisionLimits(plan.manager.config),
      events: {
        started: (component, pid) => {
          if (this.#state === "starting") this.#lastStartAtMs = this.#clock.monotonic();
          output.line(`starting ${shortName(component)}, process ${pid}`);
          this.#record(() => this.#recordStart(component, pid));
        },
        ended: (component) => {
          this.#record(() => this.#recordEnd(component));
        },
        line: (component, text) => {
          const isQuiet = console.isTerminal && !verbose.has(component) && isProgressRecord(text);
          output.component(shortName(component), text, !isQuiet);
        },
        problem: (text) => output.problem(text),
        note: (text) => output.line(text),
      },
    });
  }

  /** One change of the state folder after the other. */
  #record(change: () => Promise<void>): void {
    this.#recording = this.#recording.then(change).catch((error) => {
      this.#options.output.problem(`the state folder cannot be written: ${describeError(error)}`);
    });
  }

  #runRecord(control: RunRecord["control"]): RunRecord {
    const { plan, profile, detached } = this.#options;
    const graceMs = plan.manager.config.durationMs("STOP_GRACE");
    return { pid: Deno.pid, profile, since: this.#since, detached, graceMs, control };
  }

  async #writeRun(record: RunRecord): Promise<void> {
    const { folder } = this.#options.claim;
    await folder.writeConfig(resolvedConfig(this.#options.plan));
    await folder.writeRun(record);
  }

  /** Makes the state folder anew where somebody has removed it, so that the run is still found. */
  async #keepFolder(record: RunRecord, requests: StopRequests): Promise<void> {
    const { claim, output } = this.#options;
    if (requests.signal.aborted || await claim.isIntact()) return;
    if (!await claim.renew()) {
      requests.request(`the state folder ${claim.folder.path} is another manager's now`);
      return;
    }
    output.reopen();
    await this.#writeRun(record);
    for (const [name, process] of this.#processes) await claim.folder.writeProcess(name, process);
    output.warning(`the state folder ${claim.folder.path} was removed, and is made anew`);
  }

  async #recordEnd(component: string): Promise<void> {
    const name = shortName(component);
    this.#processes.delete(name);
    await this.#options.claim.folder.removeProcess(name);
  }

  async #recordStart(component: string, pid: number): Promise<void> {
    const startedAt = await processStart(pid);
    // It has ended already.
    if (startedAt === undefined) return;
    const record = { component, pid, startedAt };
    this.#processes.set(shortName(component), record);
    await this.#options.claim.folder.writeProcess(shortName(component), record);
  }

  async #newestCommit(): Promise<string | undefined> {
    if (this.#outputPath === undefined) return undefined;
    return await newestCommit(this.#outputPath, this.#formats);
  }

  /** @param unchanged whether the tables are as they were before the run */
  #summarise(end: RunEnd, unchanged: boolean): void {
    const { output, plan } = this.#options;
    const totals = this.#totals();
    for (const warning of plan.warnings) output.warning(warning);
    // A run that never got going has nothing to sum up; its failure has been told.
    if (end.kind === "failed" && totals === undefined) return;
    output.line(end.kind);
    if (this.#outputPath === undefined) return;
    const now = this.#clock.monotonic();
    const facts: RunFacts = {
      totals: totals ?? NO_TOTALS,
      seconds: (now - (this.#lastStartAtMs ?? now)) / 1000,
      outputPath: this.#outputPath,
      formats: this.#formats,
      endLedger: this.#endLedger,
      isMeasured: unchanged || this.#supervisor.firstReply() !== undefined,
    };
    for (const line of runSummary(facts)) output.line(line);
  }

  #totals(): SinkTotals | undefined {
    return this.#read(this.#supervisor.lastSaid("done")) ?? this.#display.latest;
  }

  async #position(): Promise<SinkTotals | undefined> {
    const [sink, source] = await Promise.all([
      this.#supervisor.ask(SINK),
      this.#readsOwnSource ? this.#supervisor.ask("stellar-arrow-source") : undefined,
    ]);
    const totals = this.#read(sink?.answer?.details);
    // The sink learns of the tip only with the batches that reach it.
    const tip = source?.answer?.progress?.tip;
    return totals === undefined || typeof tip !== "number" ? totals : { ...totals, tip };
  }

  #read(details: unknown): SinkTotals | undefined {
    return readSinkTotals(details, this.#supervisor.firstReply()?.answer?.details);
  }
}

/** The configuration of a run as it may be kept in a file. */
function resolvedConfig({ manager, components }: PipelinePlan): unknown {
  return [manager, ...components].flatMap(({ declaration, config }) =>
    [...declaration.variables.keys()].map((name) => ({
      component: declaration.name,
      name,
      value: config.shown(name),
      origin: config.origin(name),
    }))
  );
}
