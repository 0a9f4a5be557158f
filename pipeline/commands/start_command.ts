import { PRODUCT_COMPONENTS, upstreamVariable } from "../../flowctl/mod.ts";
import {
  type PipelinePlan,
  type PlanOptions,
  planPipeline,
  readDeclarations,
  stagesOf,
  takenPorts,
} from "../plan/mod.ts";
import {
  ConsoleOutput,
  isProgressRecord,
  newestCommit,
  NO_TOTALS,
  Progress,
  ProgressDisplay,
  readSinkTotals,
  type RunFacts,
  runSummary,
  type SinkTotals,
  type TextSink,
} from "../display/mod.ts";
import { StopRequests } from "../process/mod.ts";
import { type RunEnd, Supervisor } from "../supervision/mod.ts";

/** What `start` is asked to do. */
export interface StartOptions {
  /** Name or path of the profile. */
  readonly profile: string;
  readonly configFile?: string;
}

/** How the components are called on the screen. */
const SHORT_NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  PRODUCT_COMPONENTS.map(({ name, short }) => [name, short]),
);

/**
 * Runs the pipeline in the foreground until it has finished, is asked to stop, or fails.
 *
 * @returns the exit code: 0 finished or stopped, 1 failed, 2 wrongly configured
 */
export async function start(options: StartOptions, sink: TextSink): Promise<number> {
  const output = new ConsoleOutput(sink, Object.values(SHORT_NAMES), {
    noColor: (Deno.env.get("NO_COLOR") ?? "") !== "",
  });
  const planOptions: PlanOptions = { env: Deno.env, ...options };
  const plan = await planPipeline(await readDeclarations(), planOptions);
  for (const warning of plan.warnings) output.warning(warning);
  if (plan.problems.length > 0) {
    for (const problem of plan.problems) output.problem(problem);
    return 2;
  }
  const taken = takenPorts(plan.components);
  if (taken.length > 0) {
    for (const sentence of taken) output.problem(sentence);
    return 1;
  }
  await using requests = new StopRequests();
  await requests.start();
  requests.signal.addEventListener("abort", () => {
    output.bottom("");
    output.line("pipeline", `stopping (${requests.signal.reason})`);
  });
  return await new PipelineRun(plan, planOptions, output).run(requests);
}

/** One run of the pipeline with its display and its summary. */
class PipelineRun {
  readonly #supervisor: Supervisor;
  readonly #display: ProgressDisplay;
  readonly #output: ConsoleOutput;
  readonly #outputPath: string;
  readonly #formats: readonly string[];
  readonly #warnings: readonly string[];
  /** Whether the tip of this pipeline's source is the tip of what is stored. */
  readonly #readsOwnSource: boolean;
  #lastStartAt: number | undefined;

  constructor(plan: PipelinePlan, options: PlanOptions, output: ConsoleOutput) {
    const sink = plan.components.at(-1)!.config;
    this.#output = output;
    this.#warnings = plan.warnings;
    this.#readsOwnSource = !plan.components.some(({ declaration, config }) => {
      const upstream = upstreamVariable(declaration);
      return upstream !== undefined && config.isSet(upstream);
    });
    this.#outputPath = sink.string("OUTPUT_PATH");
    this.#formats = sink.list("OUTPUT_FORMATS");
    // Whoever asks for more than the default wants every record.
    const verbose = new Set(
      plan.components.filter(({ config }) => config.string("LOG_LEVEL") === "debug")
        .map(({ declaration }) => declaration.name),
    );
    this.#supervisor = new Supervisor(stagesOf(plan, options), {
      started: (component, pid) => {
        this.#lastStartAt = performance.now();
        output.line("pipeline", `starting ${SHORT_NAMES[component] ?? component}, process ${pid}`);
      },
      line: (component, text) => {
        if (output.isTerminal && !verbose.has(component) && isProgressRecord(text)) return;
        output.line(SHORT_NAMES[component] ?? component, text);
      },
      problem: (text) => output.problem(text),
    });
    this.#display = new ProgressDisplay(
      output,
      new Progress({
        startLedger: sink.optionalInteger("START_LEDGER"),
        endLedger: sink.integer("END_LEDGER"),
      }),
      () => this.#position(),
    );
  }

  async run(requests: StopRequests): Promise<number> {
    const startedAt = performance.now();
    const commitBefore = await this.#newestCommit();
    requests.signal.addEventListener("abort", () => this.#display.stop(), { once: true });
    let end: RunEnd;
    try {
      end = await this.#supervisor.run(requests.signal, requests.urgent, () => {
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
        this.#output.line("pipeline", `all components are ready after ${seconds} s`);
        this.#display.start();
      });
    } finally {
      this.#display.stop();
    }
    const commit = await this.#newestCommit();
    this.#summarise(end, commit !== undefined && commit === commitBefore);
    return end.exitCode;
  }

  #newestCommit(): Promise<string | undefined> {
    return newestCommit(this.#outputPath, this.#formats);
  }

  /** @param unchanged whether the tables are as they were before the run */
  #summarise(end: RunEnd, unchanged: boolean): void {
    const totals = this.#totals();
    for (const warning of this.#warnings) this.#output.warning(warning);
    // A run that never got going has nothing to sum up; its failure has been told.
    if (end.kind === "failed" && totals === undefined) return;
    const now = performance.now();
    const seconds = (now - (this.#lastStartAt ?? now)) / 1000;
    this.#output.line("pipeline", end.kind);
    const facts: RunFacts = {
      totals: totals ?? NO_TOTALS,
      seconds,
      outputPath: this.#outputPath,
      formats: this.#formats,
      isMeasured: unchanged || this.#supervisor.firstHealth() !== undefined,
    };
    for (const line of runSummary(facts)) {
      this.#output.line("pipeline", line);
    }
  }

  #totals(): SinkTotals | undefined {
    return this.#read(this.#supervisor.lastSaid("done")) ?? this.#display.latest;
  }

  async #position(): Promise<SinkTotals | undefined> {
    const [sink, source] = await Promise.all([
      this.#supervisor.health("arrow-analytics-sink"),
      this.#readsOwnSource ? this.#supervisor.health("stellar-arrow-source") : undefined,
    ]);
    const totals = this.#read(sink);
    // The sink learns of the tip only with the batches that reach it.
    const tip = source?.tip;
    return totals === undefined || typeof tip !== "number" ? totals : { ...totals, tip };
  }

  #read(details: unknown): SinkTotals | undefined {
    return readSinkTotals(details, this.#supervisor.firstHealth());
  }
}
