import {
  type ComponentDeclaration,
  ConfigError,
  type ConfigProblem,
  DEFAULT_PROFILE,
  describeProblem,
  helpText,
  type LoadOptions,
  maskSecrets,
  parseCommandLine,
  PIPELINE_ORIGINS,
  readHandedOrigins,
  resolveConfig,
  type ResolvedConfig,
} from "../config/mod.ts";
import { type Clock, type ClockTimer, realClock } from "./clock.ts";
import type { BuildComponent, Component, HealthReport, ReadyInfo } from "./component.ts";
import { describeError } from "./describe_error.ts";
import { type ClientSecurity, loadControlPlaneSecurity } from "./flight_security.ts";
import { EXIT_CONFIGURATION, EXIT_FAILURE, EXIT_OK, exitCodeOf } from "./exit_code.ts";
import { HealthServer, type HealthState } from "./health_server.ts";
import { jsonText } from "./json_text.ts";
import { denoProcess, type HostProcess } from "./host_process.ts";
import { createLogger, type LogFormat, type LogLevel, type RootLogger } from "./logger.ts";
import { MetricsRegistry } from "./metrics_registry.ts";
import { addProcessMetrics } from "./process_metrics.ts";
import { startupFacts, startupText } from "./startup_display.ts";
import { serviceTypeOf } from "../service/mod.ts";
import type { ComponentController } from "../controller/mod.ts";

/** Longest graceful stop: what a pipeline promises from SIGTERM to the last exit. */
export const STOP_DEADLINE_MS = 5_000;
/**
 * A signal to a terminal's process group comes directly and passed on by `deno task`: only what comes later
 * than this is somebody asking again.
 */
const SIGNAL_ECHO_MS = 1_000;

/** Time between two looks at a component's throughput, where MONITORING_INTERVAL is not declared. */
const DEFAULT_INTERVAL_MS = 5_000;

/** Set by the pipeline manager: stop at the end of standard input, and say `@ready`. */
export const PIPELINE_CHILD = "PIPELINE_CHILD";

/** Begins the line on standard output that tells the manager the real ports. */
export const READY_MARK = "@ready";

/** Begins the line on standard output that tells the manager the last details of a component. */
export const DONE_MARK = "@done";

/** Begins the line on standard output that tells the manager why a component ends. */
export const ENDED_MARK = "@ended";

/** What surrounds a component; tests replace it. */
export interface HostOptions {
  /** The real process by default. */
  readonly process?: HostProcess;
  /** The machine's time by default. */
  readonly clock?: Clock;
}

/**
 * Runs a component as this process: configuration, log, `/health` and `/metrics`, start-up
 * display, signals and exit codes. Exit code 0 means finished or stopped, 1 failed, 2 wrongly
 * configured, 4 stopped by the data (see FinalError). Does not return in a real process.
 */
export async function runComponent(
  declaration: ComponentDeclaration,
  build: BuildComponent,
  options: HostOptions = {},
): Promise<void> {
  const process = options.process ?? denoProcess();
  const clock = options.clock ?? realClock;
  const line = parseCommandLine(declaration, process.args);
  if (line.help) process.writeOut(helpText(declaration));
  else if (line.version) process.writeOut(`${declaration.name} ${declaration.version}`);
  if (line.help || line.version) {
    process.exit(EXIT_OK);
    return;
  }
  const isChild = readEnvironment(process, PIPELINE_CHILD) === "1";
  const { config, problems, warnings } = resolveConfig({
    declaration,
    args: process.args,
    env: process.env,
    inPipeline: isChild,
    // The manager has resolved the profile of the pipeline already.
    ...(isChild ? handedOver(declaration, process) : { profile: DEFAULT_PROFILE }),
  });
  if (problems.length > 0) {
    process.writeError(describeError(new ConfigError(declaration.name, problems)));
    process.exit(EXIT_CONFIGURATION);
    return;
  }
  await new ComponentHost(declaration, config, process, clock, isChild).run(build, warnings);
}

/** Where the values of a child were set; a manager that does not tell has left it to the environment. */
function handedOver(
  declaration: ComponentDeclaration,
  process: HostProcess,
): Pick<LoadOptions, "handedOrigins"> {
  const text = readEnvironment(process, PIPELINE_ORIGINS);
  return text === undefined ? {} : { handedOrigins: readHandedOrigins(declaration, text) };
}

function readEnvironment(process: HostProcess, name: string): string | undefined {
  try {
    return process.env.get(name);
  } catch (error) {
    // A process that may not read it was not started by the manager, which allows it.
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

/** The life of one component in one process: built, started, asked for its health, stopped. */
class ComponentHost {
  readonly #declaration: ComponentDeclaration;
  readonly #config: ResolvedConfig;
  readonly #process: HostProcess;
  readonly #clock: Clock;
  readonly #isChild: boolean;
  readonly #metrics = new MetricsRegistry();
  readonly #stopping = new AbortController();
  readonly #log: RootLogger;
  #component: Component | undefined;
  #server: HealthServer | undefined;
  #lag: ClockTimer | undefined;
  #figures: ClockTimer | undefined;
  #controller: ComponentController | undefined;
  readonly #startedAt: number;
  #ports: Readonly<Record<string, number>> = {};
  #started = false;
  #exited = false;

  constructor(
    declaration: ComponentDeclaration,
    config: ResolvedConfig,
    process: HostProcess,
    clock: Clock,
    isChild: boolean,
  ) {
    this.#declaration = declaration;
    this.#config = config;
    this.#process = process;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.#isChild = isChild;
    this.#log = createLogger({
      component: declaration.name,
      level: config.string("LOG_LEVEL") as LogLevel,
      format: config.string("LOG_FORMAT") as LogFormat,
      clock,
      write: (line) => process.writeError(line),
      secrets: config.secrets(),
      ledger: () => this.#component?.health().progress?.ledger,
    });
  }

  async run(build: BuildComponent, warnings: readonly ConfigProblem[]): Promise<void> {
    for (const warning of warnings) this.#log.warn(describeProblem(warning));
    const { promise: asked, resolve: ask } = Promise.withResolvers<string>();
    this.#listen(ask);
    try {
      const outcome = await Promise.race([this.#work(build), asked]);
      await this.#stop(outcome, EXIT_OK);
    } catch (error) {
      this.#tell(error);
      await this.#stop("failed", exitCodeOf(error));
    }
  }

  /** Resolves with the reason to stop when the component has finished by itself. */
  async #work(build: BuildComponent): Promise<string> {
    this.#lag = addProcessMetrics(this.#metrics, this.#declaration, this.#clock);
    await this.#addServiceMetrics();
    this.#server = new HealthServer({
      declaration: this.#declaration,
      hostname: this.#config.string("BIND_ADDRESS"),
      port: this.#config.integer("HEALTH_PORT"),
      clock: this.#clock,
      metrics: this.#metrics,
      health: () => this.#health(),
    });
    const health = this.#server.start();
    this.#ports = { health };
    const usesFlowctl = this.#config.values.ENABLE_FLOWCTL === true;
    // Files that cannot be used end the start; a control plane that cannot be reached does not.
    const security = usesFlowctl
      ? await loadControlPlaneSecurity(this.#config, this.#log)
      : undefined;
    const component = await build({
      declaration: this.#declaration,
      config: this.#config,
      log: this.#log,
      metrics: this.#metrics,
      signal: this.#stopping.signal,
      clock: this.#clock,
    });
    this.#component = component;
    if (component.routes !== undefined) this.#server.addRoutes(component.routes);
    if (this.#stopping.signal.aborted) return "stopped";
    const info = await component.start();
    if (this.#stopping.signal.aborted) return "stopped";
    const ready: ReadyInfo = { ...info, ports: { ...info.ports, health } };
    this.#ports = ready.ports;
    this.#started = true;
    this.#display(ready);
    if (security !== undefined) await this.#register(ready, security);
    await (component.finished ?? new Promise<never>(() => {}));
    return "finished";
  }

  /** The flowctl metrics of a component that moves data; a control plane shows those of others. */
  async #addServiceMetrics(): Promise<void> {
    const serviceType = serviceTypeOf(this.#declaration.type);
    if (serviceType === undefined) return;
    // Loaded when it is used: it uses this module itself.
    const { addServiceMetrics } = await import("../monitoring/metrics/mod.ts");
    const { FLOWCTL_COMPONENT_ID, MONITORING_INTERVAL } = this.#config.values;
    const ownId = String(FLOWCTL_COMPONENT_ID ?? this.#declaration.name);
    this.#figures = addServiceMetrics(this.#metrics, {
      serviceId: () => this.#controller?.details.service_id ?? ownId,
      serviceType,
      health: () => this.#health(),
      clock: this.#clock,
      intervalMs: Number(MONITORING_INTERVAL ?? DEFAULT_INTERVAL_MS),
    });
  }

  /** Registers with the control plane, in the background. */
  async #register(ready: ReadyInfo, security: ClientSecurity): Promise<void> {
    // Loaded by those that use it; it loads gRPC only when it connects.
    const { ComponentController } = await import("../controller/mod.ts");
    if (this.#stopping.signal.aborted) return;
    this.#controller = new ComponentController({
      declaration: this.#declaration,
      config: this.#config,
      ready,
      security,
      health: () => this.#health(),
      startedAt: this.#startedAt,
      log: this.#log,
      metrics: this.#metrics,
      clock: this.#clock,
    });
    this.#controller.start();
  }

  #health(): HealthState {
    const ports = this.#ports;
    const own: HealthReport = this.#component?.health() ?? { status: "starting", details: {} };
    const report = this.#controller === undefined
      ? own
      : { ...own, details: { ...own.details, flowctl: this.#controller.details } };
    if (this.#stopping.signal.aborted) return { ...report, status: "stopping", ports };
    // Until start has resolved nothing is served, whatever the component thinks of itself.
    const early = !this.#started && report.status !== "unhealthy";
    return { ...report, status: early ? "starting" : report.status, ports };
  }

  #display(ready: ReadyInfo): void {
    const facts = startupFacts(this.#declaration, this.#config, ready);
    if (this.#config.string("LOG_FORMAT") === "json") this.#log.info("started", { ...facts });
    else this.#process.writeError(this.#masked(startupText(facts)));
    if (!this.#isChild) return;
    const { name: component, ports, upstream, outputs, network } = facts;
    const line = jsonText({ component, ports, upstream, outputs, network });
    this.#process.writeOut(`${READY_MARK} ${line}`);
  }

  #listen(ask: (reason: string) => void): void {
    let firstAt: number | undefined;
    this.#process.onSignal((signal) => {
      // A terminal sends Ctrl-C to the manager and to us at once: the manager says who stops when.
      if (this.#isChild && signal !== "SIGTERM") return;
      const now = this.#clock.monotonic();
      if (firstAt !== undefined) {
        if (now - firstAt <= SIGNAL_ECHO_MS) return;
        this.#log.warn(`${signal} again: stopping at once`);
        this.#exit(EXIT_FAILURE);
        return;
      }
      firstAt = now;
      this.#log.info(`${signal}: stopping`);
      ask(signal);
    });
    this.#process.onUncaught((error) => {
      // Nothing is known of the state after this, so nothing more is written; what was committed
      // is whole, and a restart goes on from there.
      this.#tell(error);
      this.#exit(EXIT_FAILURE);
    });
    if (!this.#isChild) return;
    const gone = () => {
      if (!this.#stopping.signal.aborted) this.#log.info("the manager is gone: stopping");
      ask("end of standard input");
    };
    this.#process.inputEnd().then(gone, gone);
  }

  async #stop(reason: string, code: number): Promise<void> {
    this.#stopping.abort(new DOMException(`stopping: ${reason}`, "AbortError"));
    const deadline = this.#clock.setTimeout(() => {
      const seconds = STOP_DEADLINE_MS / 1000;
      this.#log.error(
        `not stopped after ${seconds} s: giving up; a restart goes on from the last commit`,
      );
      // What ended the work is told before how its stop went: that a stop hangs cures no data.
      this.#exit(code === EXIT_OK ? EXIT_FAILURE : code);
    }, STOP_DEADLINE_MS);
    let result = code;
    // Beside the component's own stop, which need not wait for it.
    const goodbye = this.#controller?.stop();
    try {
      await this.#component?.stop(reason);
    } catch (error) {
      this.#tell(error);
      result = result === EXIT_OK ? exitCodeOf(error) : result;
    }
    await goodbye;
    this.#tellDone();
    if (this.#isChild) this.#process.writeOut(`${ENDED_MARK} ${jsonText({ reason })}`);
    this.#lag?.stop();
    this.#figures?.stop();
    await this.#server?.stop();
    deadline.stop();
    if (result === EXIT_OK) this.#log.info("stopped", { reason });
    this.#exit(result);
  }

  /** The manager's summary needs the final counts, and the health port is about to close. */
  #tellDone(): void {
    if (!this.#isChild || !this.#started) return;
    try {
      const { details } = this.#component!.health();
      this.#process.writeOut(`${DONE_MARK} ${jsonText(details)}`);
    } catch (error) {
      this.#log.warn("the last details are not known", { error });
    }
  }

  #tell(error: unknown): void {
    if (error instanceof ConfigError) {
      this.#process.writeError(this.#masked(error.message));
      return;
    }
    const stack = this.#log.enabled("debug") && error instanceof Error
      ? { stack: error.stack }
      : {};
    this.#log.error(describeError(error), stack);
  }

  #masked(text: string): string {
    return maskSecrets(text, this.#config.secrets());
  }

  #exit(code: number): void {
    if (this.#exited) return;
    this.#exited = true;
    this.#log.flush();
    this.#process.exit(code);
  }
}
