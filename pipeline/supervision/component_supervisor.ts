import { type Clock, describeError, type HealthReply, isWell } from "../../flowctl/mod.ts";
import type { ReadyLine } from "../process/mod.ts";
import { aborted } from "./_aborted.ts";
import { type ComponentEnd, failure, judgeEnd, missed } from "./component_end.ts";
import type { ComponentSnapshot, ComponentState } from "./component_snapshot.ts";
import { Hold } from "./hold.ts";
import { RestartPolicy, whyNoMore } from "./restart_policy.ts";
import type { Spawn, Stage, SupervisedProcess } from "./stage.ts";
import type { SupervisionEvents } from "./supervision_events.ts";
import type { SupervisionLimits } from "./supervision_limits.ts";

/** Time between two questions while a component is not ready yet. */
const ASK_AGAIN_MS = 50;

/** Time between two looks at a component that runs. */
const LOOK_EVERY_MS = 1_000;

/** Bad answers in a row that count: one alone may be a machine that slept. */
const MIN_BAD_ANSWERS = 3;

/** What a component's supervisor is made of. */
export interface ComponentSupervisorOptions {
  readonly stage: Stage;
  /** Whether this component ending with 0 means that the work is done. */
  readonly canFinish: boolean;
  readonly spawn: Spawn;
  readonly clock: Clock;
  readonly limits: SupervisionLimits;
  readonly events: SupervisionEvents;
  /** Ready line of the component before, if that one is of this pipeline. */
  readonly before: () => ReadyLine | undefined;
}

/**
 * The life of one component over all its processes: `start()` once, then `watch()`, which starts it
 * again after failures, and `stop()`. Between, `hold()` and `release()` restart it by request.
 */
export class ComponentSupervisor {
  readonly component: string;
  readonly #options: ComponentSupervisorOptions;
  readonly #policy: RestartPolicy;
  #process: SupervisedProcess | undefined;
  #isAlive = false;
  #ready: ReadyLine | undefined;
  #firstReply: HealthReply | undefined;
  #reply: HealthReply | undefined;
  #state: ComponentState = "waiting";
  #startedAtMs: number | undefined;
  #readyAtMs: number | undefined;
  #wellAtMs: number | undefined;
  #restarts = 0;
  #lastEnd: string | undefined;
  #hold = new Hold();

  constructor(options: ComponentSupervisorOptions) {
    this.component = options.stage.component;
    this.#options = options;
    this.#policy = new RestartPolicy(options.limits);
  }

  /** Whether the pipeline is nothing without it. */
  get isEssential(): boolean {
    return this.#options.stage.isEssential;
  }

  /** Its ready line; `undefined` until it has been ready once. */
  get ready(): ReadyLine | undefined {
    return this.#ready;
  }

  /** What it answered when it was ready for the first time, before it had done anything. */
  get firstReply(): HealthReply | undefined {
    return this.#firstReply;
  }

  /** What is known of it now. */
  get snapshot(): ComponentSnapshot {
    return {
      component: this.component,
      state: this.#state,
      ...(this.#process === undefined ? {} : { pid: this.#process.pid }),
      ...(this.#startedAtMs === undefined ? {} : { startedAtMs: this.#startedAtMs }),
      restarts: this.#restarts,
      ports: this.#ready?.ports ?? {},
      ...(this.#reply === undefined ? {} : { reply: this.#reply }),
      ...(this.#lastEnd === undefined ? {} : { lastEnd: this.#lastEnd }),
    };
  }

  /** What it printed for the manager, by kind. */
  lastSaid(kind: string): unknown {
    return this.#process?.machineLine(kind);
  }

  /** Asks it now. */
  async ask(signal: AbortSignal = new AbortController().signal): Promise<HealthReply | undefined> {
    if (this.#ready === undefined) return undefined;
    return await this.#options.stage.askHealth(this.#ready, signal);
  }

  /** Starts it; `undefined` once it is ready or to be held, else how it ended before. */
  async start(stop: AbortSignal): Promise<ComponentEnd | undefined> {
    const { stage, spawn, events, clock, before } = this.#options;
    this.#state = "starting";
    this.#reply = undefined;
    this.#readyAtMs = undefined;
    let process: SupervisedProcess;
    try {
      const launch = stage.launch(before(), this.#ready);
      process = spawn(launch, (line) => events.line(this.component, line));
    } catch (error) {
      return failure(`cannot be started: ${describeError(error)}`, [], true);
    }
    this.#process = process;
    this.#isAlive = true;
    this.#startedAtMs = clock.monotonic();
    events.started(this.component, process.pid);
    process.ended.then(() => {
      if (this.#process === process) this.#isAlive = false;
      events.ended(this.component);
    });
    return await this.#untilReady(process, stop);
  }

  /** Resolves when its process ends or the signal aborts; nothing is started again. */
  async untilEnd(stop: AbortSignal): Promise<ComponentEnd> {
    const process = this.#process!;
    const over = new AbortController();
    const ended = process.ended.then(() => "ended" as const);
    const outcome = await Promise.race([aborted(stop, over.signal), ended]);
    over.abort();
    return outcome === "ended" ? await this.#judge(process) : { kind: "stopped" };
  }

  /** Resolves when it is over for good; starts it again after failures that this may cure. */
  async watch(stop: AbortSignal): Promise<ComponentEnd> {
    try {
      if (this.#process === undefined) return this.#over(failure("was never started", []));
      while (true) {
        const turn = await this.#oneLife(stop);
        const end = turn === "hold" ? await this.#held(stop) : turn;
        if (end === undefined) continue;
        const last = await this.#again(end, stop);
        if (last === undefined) continue;
        this.#over(last);
        if (last.kind === "stopped" || this.isEssential) return last;
        // The others go on without it, until somebody asks for its restart.
        this.#options.events.problem(`${this.component} ${missed(last)}`);
        if (await this.#untilHeld(stop) === "aborted") return { kind: "stopped" };
      }
    } finally {
      this.#hold.end();
    }
  }

  /** Stops its process until `release`; resolves when the process is gone. */
  async hold(): Promise<void> {
    await this.#hold.request();
  }

  /** Starts it again; `undefined` once it is ready, else how it ended before. */
  async release(): Promise<ComponentEnd | undefined> {
    return await this.#hold.release();
  }

  /** Stops it for good. */
  async stop(): Promise<void> {
    await this.#stopProcess();
    if (this.#state === "stopping") this.#state = "stopped";
  }

  /** Ends it at once. */
  kill(): void {
    this.#process?.kill();
  }

  async #untilReady(
    process: SupervisedProcess,
    stop: AbortSignal,
  ): Promise<ComponentEnd | undefined> {
    const { stage, clock, limits } = this.#options;
    const over = new AbortController();
    const late = clock.sleep(limits.readyMs, over.signal).then(() => "late" as const);
    late.catch(() => {});
    const isReady = process.ready.then(async (line) => {
      this.#ready = line;
      while (!await this.#serves(stage, line, over.signal)) {
        await clock.sleep(ASK_AGAIN_MS, over.signal);
      }
      return "ready" as const;
    });
    isReady.catch(() => {});
    try {
      const outcome = await Promise.race([
        isReady,
        late,
        aborted(stop, over.signal),
        this.#hold.requested,
        process.ended.then(() => "ended" as const),
      ]);
      if (outcome === "aborted") return { kind: "stopped" };
      if (outcome === "ended") return await this.#judge(process);
      if (outcome === "late") {
        const seconds = limits.readyMs / 1000;
        return failure(`was not ready within ${seconds} s`, process.lastLines());
      }
      // A request to restart it ends the wait, too, and it is held next.
      if (outcome === "ready") this.#readyAtMs = clock.monotonic();
      return undefined;
    } finally {
      over.abort();
    }
  }

  async #serves(stage: Stage, line: ReadyLine, signal: AbortSignal): Promise<boolean> {
    const reply = await stage.askHealth(line, signal);
    if (signal.aborted || !isWell(reply) || !await stage.isServing(line, signal)) return false;
    if (signal.aborted) return false;
    this.#take(reply);
    this.#firstReply ??= reply;
    return true;
  }

  /** From readiness to the end of the process, whatever brings it. */
  async #oneLife(stop: AbortSignal): Promise<ComponentEnd | "hold"> {
    const process = this.#process!;
    const over = new AbortController();
    try {
      const outcome = await Promise.race([
        aborted(stop, over.signal),
        // Before the end, which may be that of an earlier process.
        this.#hold.requested,
        process.ended.then(() => "ended" as const),
        this.#untilUnhealthy(over.signal),
      ]);
      if (outcome === "aborted") return { kind: "stopped" };
      if (outcome === "hold") return "hold";
      if (outcome === "ended") return await this.#judge(process);
    } finally {
      over.abort();
    }
    const seconds = this.#options.limits.unhealthyAfterMs / 1000;
    const isSilent = this.#reply?.code === undefined;
    const word = isSilent ? "gave no answer" : `said that it was ${this.#reply?.answer?.status}`;
    const lines = process.lastLines();
    await this.#stopProcess();
    return failure(`${word} for ${seconds} s (UNHEALTHY_AFTER)`, lines);
  }

  async #untilUnhealthy(signal: AbortSignal): Promise<"unhealthy"> {
    const { clock, limits, stage } = this.#options;
    let wellAtMs = clock.monotonic();
    let bad = 0;
    while (true) {
      try {
        await clock.sleep(LOOK_EVERY_MS, signal);
      } catch {
        return await new Promise<never>(() => {});
      }
      const reply = await stage.askHealth(this.#ready!, signal);
      if (signal.aborted) continue;
      this.#take(reply);
      if (isWell(reply)) {
        wellAtMs = clock.monotonic();
        bad = 0;
      } else if (
        ++bad >= MIN_BAD_ANSWERS && clock.monotonic() - wellAtMs >= limits.unhealthyAfterMs
      ) {
        return "unhealthy";
      }
    }
  }

  #take(reply: HealthReply): void {
    // What it last said of its progress is worth more than nothing.
    const answer = reply.answer ?? this.#reply?.answer;
    this.#reply = { ...reply, answer };
    if (!isWell(reply)) this.#state = "unhealthy";
    else {
      this.#wellAtMs = this.#options.clock.monotonic();
      this.#state = reply.answer?.status === "degraded" ? "degraded" : "healthy";
    }
  }

  async #untilHeld(stop: AbortSignal): Promise<"aborted" | "hold"> {
    const over = new AbortController();
    const outcome = await Promise.race([aborted(stop, over.signal), this.#hold.requested]);
    over.abort();
    return outcome;
  }

  /** Stopped by request, until released. */
  async #held(stop: AbortSignal): Promise<ComponentEnd | undefined> {
    await this.#stopProcess();
    this.#state = "stopped";
    this.#hold.reached();
    const hold = this.#hold;
    const over = new AbortController();
    const outcome = await Promise.race([hold.released, aborted(stop, over.signal)]);
    over.abort();
    if (outcome === "aborted") return { kind: "stopped" };
    this.#hold = new Hold();
    this.#restarts++;
    const end = await this.start(stop);
    hold.finish(end);
    return end;
  }

  /** Starts it again after a failure; how it is over for good, or `undefined` once it is ready. */
  async #again(first: ComponentEnd, stop: AbortSignal): Promise<ComponentEnd | undefined> {
    const { clock, events, limits } = this.#options;
    let end: ComponentEnd | undefined = first;
    while (end !== undefined) {
      if (end.kind !== "failed" || end.isFinal) return end;
      this.#lastEnd = end.reason;
      // To its last good answer: the wait for a better one, and for its stop, were no health.
      const healthyMs = this.#readyAtMs === undefined ? 0 : this.#wellAtMs! - this.#readyAtMs;
      // A process that is not ready in time is still there.
      await this.#stopProcess();
      const delayMs = this.#policy.next(clock.monotonic(), healthyMs);
      if (delayMs === undefined) {
        return { ...end, reason: `${end.reason}, and ${whyNoMore(limits)}` };
      }
      this.#state = "restarting";
      events.problem(
        `${this.component} ${end.reason}; it is started again in ${delayMs / 1000} s`,
      );
      const outcome = await this.#wait(delayMs, stop);
      if (outcome === "aborted") return { kind: "stopped" };
      if (outcome === "hold") return undefined;
      this.#restarts++;
      end = await this.start(stop);
      if (this.#readyAtMs !== undefined) events.note(`${this.component} is ready again`);
    }
    return undefined;
  }

  /** A request to restart it ends the wait. */
  async #wait(ms: number, stop: AbortSignal): Promise<"aborted" | "over" | "hold"> {
    const over = new AbortController();
    const waited = this.#options.clock.sleep(ms, over.signal).then(() => "over" as const);
    waited.catch(() => {});
    const stopped = aborted(stop, over.signal);
    const outcome = await Promise.race([waited, stopped, this.#hold.requested]);
    over.abort();
    return outcome;
  }

  async #judge(process: SupervisedProcess): Promise<ComponentEnd> {
    const ended = await process.ended;
    const said = process.machineLine("ended") as { reason?: unknown } | undefined;
    const reason = typeof said?.reason === "string" ? said.reason : undefined;
    const end = judgeEnd(ended, reason, this.#options.canFinish, process.lastLines());
    if (end.kind === "failed") this.#lastEnd = end.reason;
    return end;
  }

  #over(end: ComponentEnd): ComponentEnd {
    if (end.kind !== "stopped") this.#state = end.kind;
    return end;
  }

  async #stopProcess(): Promise<void> {
    const process = this.#process;
    if (process === undefined || !this.#isAlive) return;
    const { limits, events } = this.#options;
    this.#state = "stopping";
    if (!await process.stop(limits.graceMs)) return;
    const seconds = limits.graceMs / 1000;
    events.problem(
      `${this.component} did not stop within ${seconds} s and was killed; ` +
        "what it had committed is whole",
    );
  }
}
