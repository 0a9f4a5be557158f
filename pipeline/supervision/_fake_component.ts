import type { FakeClock, HealthReply } from "../../flowctl/mod.ts";
import type { Ended, Launch, ReadyLine } from "../process/mod.ts";
import type { Spawn, Stage, SupervisedProcess } from "./stage.ts";

/** A process of a fake component, which does what a test says. */
export class FakeProcess implements SupervisedProcess {
  readonly ready: Promise<ReadyLine>;
  readonly ended: Promise<Ended>;
  /** Whether it ends at SIGTERM. */
  stopsWhenAsked = true;
  isAlive = true;
  reason: string | undefined;
  readonly #ready = Promise.withResolvers<ReadyLine>();
  readonly #ended = Promise.withResolvers<Ended>();

  constructor(
    readonly pid: number,
    readonly launch: Launch,
    private readonly onLine: (line: string) => void,
  ) {
    this.ready = this.#ready.promise;
    this.ended = this.#ended.promise;
  }

  /** It says that it is ready. */
  becomeReady(ports: Record<string, number> = { flight: 1, health: 2 }): void {
    this.#ready.resolve({ component: this.launch.component, ports });
  }

  /** It ends. */
  end(code: number, signal: string | null = null, reason?: string): void {
    this.isAlive = false;
    this.reason = reason;
    this.#ended.resolve({ code, signal });
  }

  machineLine(kind: string): unknown {
    return kind === "ended" && this.reason !== undefined ? { reason: this.reason } : undefined;
  }

  lastLines(): readonly string[] {
    return ["its last line"];
  }

  stop(): Promise<boolean> {
    if (!this.isAlive) return Promise.resolve(false);
    this.onLine("stopping");
    const killed = !this.stopsWhenAsked;
    this.end(killed ? 137 : 0, killed ? "SIGKILL" : null, "SIGTERM");
    return Promise.resolve(killed);
  }

  kill(): void {
    this.end(137, "SIGKILL");
  }
}

/** A component of a test: how its processes come up and what they answer. */
export class FakeComponent {
  /** All its processes so far. */
  readonly processes: FakeProcess[] = [];
  /** HTTP status of its answers; `undefined` is silence. */
  code: number | undefined = 200;
  /** Whether its gRPC server serves. */
  serves = true;
  /** Whether new processes say at once that they are ready. */
  comesUp = true;
  readonly stage: Stage;

  constructor(name: string, isEssential = true) {
    this.stage = {
      component: name,
      isEssential,
      launch: (before, earlier) => ({
        component: name,
        command: "x",
        args: [],
        env: {
          BEFORE: String(before?.ports.flight ?? ""),
          EARLIER: String(earlier?.ports.flight ?? ""),
        },
      }),
      askHealth: () => Promise.resolve(this.#reply()),
      isServing: () => Promise.resolve(this.serves),
    };
  }

  /** Its newest process. */
  get process(): FakeProcess {
    return this.processes.at(-1)!;
  }

  #reply(): HealthReply {
    const status = this.code === 200 ? "healthy" : "unhealthy";
    const answer = {
      status,
      component: this.stage.component,
      version: "1.0.0",
      uptime_seconds: 1,
      rss_bytes: 1,
      ports: {},
      details: { cursor: 7 },
    } as const;
    return { code: this.code, answer: this.code === undefined ? undefined : answer };
  }
}

/** Starts fake processes. */
export function fakeSpawn(components: readonly FakeComponent[]): Spawn {
  let pid = 100;
  return (launch, onLine) => {
    const component = components.find(({ stage }) => stage.component === launch.component)!;
    const process = new FakeProcess(pid++, launch, onLine);
    component.processes.push(process);
    if (component.comesUp) process.becomeReady({ flight: pid, health: 2 });
    return process;
  };
}

/** Lets time go by until something holds; fails when it never does. */
export async function advanceUntil(
  clock: FakeClock,
  holds: () => boolean,
  stepMs = 100,
): Promise<void> {
  for (let steps = 0; steps < 10_000; steps++) {
    await clock.advance(0);
    if (holds()) return;
    await clock.advance(stepMs);
  }
  throw new Error("it never holds");
}
