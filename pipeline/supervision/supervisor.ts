import type { Clock, HealthReply } from "../../flowctl/mod.ts";
import { type ComponentEnd, describeEnd, lastLines, missed } from "./component_end.ts";
import type { ComponentSnapshot } from "./component_snapshot.ts";
import { ComponentSupervisor } from "./component_supervisor.ts";
import type { Spawn, Stage } from "./stage.ts";
import type { SupervisionEvents } from "./supervision_events.ts";
import type { SupervisionLimits } from "./supervision_limits.ts";

/** How a run ended. */
export interface RunEnd {
  /** `finished`: the last component ended with code 0 by itself. */
  readonly kind: "finished" | "stopped" | "failed";
  readonly exitCode: number;
}

/** A restart that cannot be carried out; the message says why. */
export class RestartError extends Error {
  override readonly name = "RestartError";
  readonly code = "RESTART";
}

/** What a supervisor is made of. */
export interface SupervisorOptions {
  /** In the order of the data; the last one, ending with code 0, has finished the work of all. */
  readonly stages: readonly Stage[];
  /** Whether the work of the last one has an end. */
  readonly canFinish: boolean;
  readonly spawn: Spawn;
  readonly clock: Clock;
  readonly limits: SupervisionLimits;
  readonly events: SupervisionEvents;
}

/**
 * Runs the components as processes: starts them in order, each once the one before serves (what is
 * not essential is started beside them), starts
 * again what fails while the others go on, and stops them in reverse order. A failure before all
 * are ready, or one that a restart does not cure, is a failure of the whole.
 *
 * A supervisor runs once: `run()`, during which the others may be called.
 */
export class Supervisor {
  readonly #components: readonly ComponentSupervisor[];
  readonly #events: SupervisionEvents;
  #isRunning = false;
  #isStopping = false;
  #isRestarting = false;

  constructor(options: SupervisorOptions) {
    const { stages, canFinish, events } = options;
    this.#events = events;
    const components: ComponentSupervisor[] = [];
    for (const [at, stage] of stages.entries()) {
      const isLast = at === stages.length - 1;
      components.push(
        new ComponentSupervisor({
          ...options,
          stage,
          canFinish: isLast && canFinish,
          before: () => components[at - 1]?.ready,
        }),
      );
    }
    this.#components = components;
  }

  /**
   * Runs the pipeline to its end.
   *
   * @param stop asks to stop in order
   * @param urgent kills what is still there
   * @param ready is called once all components are ready
   */
  async run(stop: AbortSignal, urgent: AbortSignal, ready: () => void): Promise<RunEnd> {
    const kill = () => this.#components.forEach((component) => component.kill());
    urgent.addEventListener("abort", kill, { once: true });
    try {
      return this.#told(await this.#startAll(stop) ?? await this.#watchAll(stop, ready));
    } finally {
      await this.#stopAll();
      urgent.removeEventListener("abort", kill);
    }
  }

  /**
   * Restarts one component, or all: stopped in reverse order, started in order, each once the one
   * before serves. Components that are not named go on.
   *
   * @throws {RestartError} while components are being started, stopped or restarted, and when one
   *   does not become ready
   */
  async restart(component?: string): Promise<void> {
    if (!this.#isRunning) throw new RestartError("the pipeline is starting or stopping; try later");
    if (this.#isRestarting) throw new RestartError("a restart is on its way already");
    this.#isRestarting = true;
    try {
      const chosen = this.#components.filter((each) =>
        component === undefined || each.component === component
      );
      if (chosen.length === 0) throw new RestartError(`${component} is not part of this run`);
      for (const each of chosen.toReversed()) await each.hold();
      const failed: string[] = [];
      for (const each of chosen) {
        const end = await each.release();
        if (end !== undefined) {
          failed.push(`${each.component} ${describeEnd(end)}${lastLines(end)}`);
        }
      }
      if (failed.length > 0) throw new RestartError(failed.join("; "));
    } finally {
      this.#isRestarting = false;
    }
  }

  /** What is known of each component now. */
  get snapshots(): ComponentSnapshot[] {
    return this.#components.map((component) => component.snapshot);
  }

  /** Asks a component for its health; `undefined` while it has told no port. */
  async ask(component: string): Promise<HealthReply | undefined> {
    return await this.#components.find((each) => each.component === component)?.ask();
  }

  /** The last component's answer when it became ready, before it had done anything. */
  firstReply(): HealthReply | undefined {
    return this.#components.at(-1)?.firstReply;
  }

  /** What the last component printed for the manager, by kind. */
  lastSaid(kind: string): unknown {
    return this.#components.at(-1)?.lastSaid(kind);
  }

  async #startAll(stop: AbortSignal): Promise<[string, ComponentEnd] | undefined> {
    const started: ComponentSupervisor[] = [];
    const besides: Promise<void>[] = [];
    for (const component of this.#components) {
      if (stop.aborted) return [component.component, { kind: "stopped" }];
      const starting = component.start(stop);
      if (!component.isEssential) {
        // No other waits for it.
        besides.push(this.#startBeside(component, starting));
        continue;
      }
      const end = await this.#orEndOf(started, component.component, starting, stop);
      if (end !== undefined) return end;
      started.push(component);
    }
    const beside = Promise.all(besides).then(() => undefined);
    return await this.#orEndOf(started, "", beside, stop);
  }

  async #startBeside(
    component: ComponentSupervisor,
    starting: Promise<ComponentEnd | undefined>,
  ): Promise<void> {
    const end = await starting;
    if (end?.kind !== "failed" || this.#isStopping) return;
    // What did not become ready is ended; from then on it is watched as the others are.
    await component.stop();
    this.#events.problem(`${component.component} ${missed(end)}`);
  }

  /** A component that ends while a later one starts ends the start, too. */
  async #orEndOf(
    earlier: readonly ComponentSupervisor[],
    component: string,
    starting: Promise<ComponentEnd | undefined>,
    stop: AbortSignal,
  ): Promise<[string, ComponentEnd] | undefined> {
    const over = new AbortController();
    const signal = AbortSignal.any([stop, over.signal]);
    const endOfEarlier = earlier.map(async (each): Promise<[string, ComponentEnd] | undefined> => {
      return [each.component, await each.untilEnd(signal)];
    });
    const started = starting.then((end): [string, ComponentEnd] | undefined =>
      end === undefined ? undefined : [component, end]
    );
    const first = await Promise.race([started, ...endOfEarlier]);
    over.abort();
    return first;
  }

  async #watchAll(stop: AbortSignal, ready: () => void): Promise<[string, ComponentEnd]> {
    const over = new AbortController();
    const signal = AbortSignal.any([stop, over.signal]);
    this.#isRunning = true;
    ready();
    const watches = this.#components.map(async (component): Promise<[string, ComponentEnd]> => {
      return [component.component, await component.watch(signal)];
    });
    try {
      return await Promise.race(watches);
    } finally {
      this.#isRunning = false;
      over.abort();
      await Promise.allSettled(watches);
    }
  }

  #told([component, end]: [string, ComponentEnd]): RunEnd {
    if (end.kind !== "failed") return { kind: end.kind, exitCode: 0 };
    this.#events.problem(`${component} ${end.reason}${lastLines(end)}`);
    return { kind: "failed", exitCode: end.exitCode };
  }

  async #stopAll(): Promise<void> {
    this.#isStopping = true;
    for (const component of this.#components.toReversed()) await component.stop();
  }
}
