import { type ComponentHealth, readHealth, waitHealthy } from "./component_health.ts";
import { ComponentProcess, type Launch, type ReadyLine } from "../process/mod.ts";

/** One component of the pipeline, in the order of the data. */
export interface Stage {
  readonly component: string;
  /** How to start it; `before` is the ready line of the component it reads from. */
  launch(before: ReadyLine | undefined): Launch;
  /** Where its health port is asked. */
  readonly host: string;
}

/** What the supervisor tells while it works. */
export interface SupervisorEvents {
  started(component: string, pid: number): void;
  line(component: string, text: string): void;
  problem(text: string): void;
}

/** How a run ended. */
export interface RunEnd {
  /** `finished`: the last component ended with code 0 by itself. */
  readonly kind: "finished" | "stopped" | "failed";
  readonly exitCode: number;
}

/** Limits of a run, in milliseconds. */
export interface SupervisorTimes {
  /** From the start of a component to its readiness. */
  readonly readyMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly graceMs: number;
}

export const SUPERVISOR_TIMES: SupervisorTimes = {
  // A first start downloads packages.
  readyMs: 180_000,
  // A component gives itself five seconds; one that is still there then hangs.
  graceMs: 7_000,
};

interface Running {
  readonly stage: Stage;
  readonly process: ComponentProcess;
  ready?: ReadyLine;
  /** What it answered when it became ready. */
  firstHealth?: ComponentHealth;
}

/**
 * Runs the components as processes: starts them in order, each once the one before is ready,
 * watches them, and stops them in reverse order. The last one, ending with code 0, has finished
 * the work of all; any other end that was not asked for is a failure of the whole.
 *
 * A supervisor runs once: `run()`, during which `health()` may be asked.
 */
export class Supervisor {
  readonly #stages: readonly Stage[];
  readonly #events: SupervisorEvents;
  readonly #times: SupervisorTimes;
  readonly #running: Running[] = [];

  constructor(
    stages: readonly Stage[],
    events: SupervisorEvents,
    times: SupervisorTimes = SUPERVISOR_TIMES,
  ) {
    this.#stages = stages;
    this.#events = events;
    this.#times = times;
  }

  /**
   * Runs the pipeline to its end.
   *
   * @param stop asks to stop in order
   * @param urgent kills what is still there
   * @param ready is called once all components are ready
   */
  async run(stop: AbortSignal, urgent: AbortSignal, ready: () => void): Promise<RunEnd> {
    const kill = () => this.#running.forEach(({ process }) => process.kill());
    urgent.addEventListener("abort", kill, { once: true });
    try {
      const end = await this.#startAll(stop) ?? await this.#watch(stop, ready);
      await this.#stopAll();
      return end;
    } catch (error) {
      await this.#stopAll();
      throw error;
    } finally {
      urgent.removeEventListener("abort", kill);
    }
  }

  /** Details of a component's health; `undefined` while there are none. */
  async health(component: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const running = this.#running.find(({ stage }) => stage.component === component);
    const port = running?.ready?.ports.health;
    if (running === undefined || port === undefined) return undefined;
    return (await readHealth(running.stage.host, port))?.details;
  }

  /** Details of the last component's health when it became ready, before it had done anything. */
  firstHealth(): Readonly<Record<string, unknown>> | undefined {
    return this.#last()?.firstHealth?.details;
  }

  /** What the last component printed for the manager, by kind. */
  lastSaid(kind: string): unknown {
    return this.#last()?.process.machineLine(kind);
  }

  #last(): Running | undefined {
    return this.#running[this.#stages.length - 1];
  }

  async #startAll(stop: AbortSignal): Promise<RunEnd | undefined> {
    let before: ReadyLine | undefined;
    for (const stage of this.#stages) {
      if (stop.aborted) return { kind: "stopped", exitCode: 0 };
      const launch = stage.launch(before);
      const line = (text: string) => this.#events.line(stage.component, text);
      const running: Running = { stage, process: new ComponentProcess(launch, line) };
      this.#running.push(running);
      this.#events.started(stage.component, running.process.pid);
      const end = await this.#waitReady(running, stop);
      if (end !== undefined) return end;
      before = running.ready;
    }
    return undefined;
  }

  /** `undefined` once the component is ready. */
  async #waitReady(running: Running, stop: AbortSignal): Promise<RunEnd | undefined> {
    using waiting = new Waiting(stop, this.#times.readyMs);
    const isReady = running.process.ready.then(async (line) => {
      running.ready = line;
      const port = line.ports.health;
      if (port === undefined) return "ready" as const;
      const health = await waitHealthy(running.stage.host, port, waiting.signal);
      if (health === undefined) return await new Promise<never>(() => {});
      running.firstHealth = health;
      return "ready" as const;
    });
    const outcome = await Promise.race([isReady, waiting.over, this.#anyEnd()]);
    if (outcome === "ready") return undefined;
    if (outcome === "stop") return { kind: "stopped", exitCode: 0 };
    if (outcome !== "late") return await this.#judge(outcome);
    const seconds = this.#times.readyMs / 1000;
    return this.#failed(running, `was not ready within ${seconds} s`, 1);
  }

  async #watch(stop: AbortSignal, ready: () => void): Promise<RunEnd> {
    ready();
    using waiting = new Waiting(stop);
    const outcome = await Promise.race([waiting.over, this.#anyEnd()]);
    if (typeof outcome === "string") return { kind: "stopped", exitCode: 0 };
    return await this.#judge(outcome);
  }

  #anyEnd(): Promise<Running> {
    return Promise.race(this.#running.map((running) => running.process.ended.then(() => running)));
  }

  /** What the end of one component means for all. */
  async #judge(running: Running): Promise<RunEnd> {
    const { code, signal } = await running.process.ended;
    const isLast = running.stage === this.#stages.at(-1);
    if (code === 0 && isLast) return { kind: "finished", exitCode: 0 };
    if (signal !== null) return this.#failed(running, `was ended by ${signal}`, 1);
    if (code === 0) return this.#failed(running, "ended before its work was done", 1);
    return this.#failed(running, `failed with exit code ${code}`, code === 2 ? 2 : 1);
  }

  #failed(running: Running, what: string, exitCode: number): RunEnd {
    const { component } = running.stage;
    this.#events.problem(`${component} ${what}; its own lines above say why`);
    return { kind: "failed", exitCode };
  }

  async #stopAll(): Promise<void> {
    for (const { stage, process } of this.#running.toReversed()) {
      const killed = await process.stop(this.#times.graceMs);
      if (!killed) continue;
      const seconds = this.#times.graceMs / 1000;
      this.#events.problem(
        `${stage.component} did not stop within ${seconds} s and was killed; ` +
          "what it had committed is whole",
      );
    }
  }
}

/** A wait that ends when asked to stop, or late. */
class Waiting implements Disposable {
  readonly over: Promise<"stop" | "late">;
  readonly #end = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #release: () => void;

  constructor(stop: AbortSignal, limitMs?: number) {
    const { promise, resolve } = Promise.withResolvers<"stop" | "late">();
    const onStop = () => resolve("stop");
    if (stop.aborted) onStop();
    stop.addEventListener("abort", onStop, { once: true });
    if (limitMs !== undefined) this.#timer = setTimeout(() => resolve("late"), limitMs);
    this.#release = () => stop.removeEventListener("abort", onStop);
    this.over = promise;
  }

  /** Aborts when the wait is over, whatever ended it. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  [Symbol.dispose](): void {
    this.#end.abort();
    clearTimeout(this.#timer);
    this.#release();
  }
}
