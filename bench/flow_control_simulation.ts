/**
 * A producer that is too fast, a queue and a consumer, in simulated time with the real FlowControl: how
 * the load goes when the rate is held after backpressure, and how when it is not.
 *
 *     deno run -A bench/flow_control_simulation.ts
 *     deno run -A bench/flow_control_simulation.ts --trace
 */
import { FLOW_STEP_MS, FlowControl, realClock } from "../flowctl/mod.ts";

/** What is simulated. */
export interface Scenario {
  /** Ledgers a second that the producer could send, and that the consumer could drain. */
  readonly producer: number;
  readonly consumer: number;
  /** Ledgers that may be in flight. */
  readonly maxInflight: number;
  /** Whether the producer heeds the rate once the throttle is back at 1. */
  readonly hold: boolean;
  /** Ledgers that come at once. */
  readonly batch?: number;
  /** Time from a step until the producer has its rate. */
  readonly delayMs?: number;
  /** Whether the drain rate is measured by wall time, and not by the time of work. */
  readonly byWallTime?: boolean;
  /** Once a second the consumer stops for so long, as for a commit; it counts as work. */
  readonly commitMs?: number;
}

/** State at a moment. */
export interface Sample {
  readonly ms: number;
  readonly load: number;
  /** Ledgers a second; the producer's own where it is not paced. */
  readonly rate: number;
  readonly active: boolean;
}

/** What a simulation shows once it has settled. */
export interface Outcome {
  readonly samples: readonly Sample[];
  /** Lowest and highest load in the second half. */
  readonly low: number;
  readonly high: number;
  /** Times that backpressure came on, in the second half, for each minute. */
  readonly activations: number;
  /** Part of the second half in which the consumer had something to do. */
  readonly busy: number;
}

const TICK_MS = 10;
const SECONDS = 120;

/** Runs two minutes. */
export function simulate(scenario: Scenario): Outcome {
  let now = 0;
  const clock = { ...realClock, now: () => now, monotonic: () => now };
  const flow = new FlowControl({ clock, globalLimit: 1_000_000 });
  const sink = flow.intern("sink", { maxInflight: scenario.maxInflight });
  const queue = new SimulatedQueue(scenario, (ledgers, ms) => flow.drained(sink, ledgers, ms));
  const rates = new Delayed<number>(scenario.producer, scenario.delayMs ?? 100);
  const samples: Sample[] = [];
  const half = SECONDS * 500;
  let activations = 0, busyTicks = 0;
  flow.subscribe(({ level }) => void (level === "on" && now >= half && activations++));
  for (; now < SECONDS * 1000; now += TICK_MS) {
    const rate = Math.min(scenario.producer, rates.at(now));
    queue.produce(rate * TICK_MS / 1000);
    if (queue.consume(now, TICK_MS) && now >= half) busyTicks++;
    flow.update(sink, queue.length);
    if (now % FLOW_STEP_MS === 0) {
      flow.step();
      const free = !scenario.hold && flow.throttle(sink) === 1;
      rates.set(now, (free ? undefined : flow.pacedRate(sink)) ?? scenario.producer);
    }
    samples.push({ ms: now, load: flow.load(sink), rate, active: flow.isActive(sink) });
  }
  const loads = samples.filter(({ ms }) => ms >= half).map(({ load }) => load);
  return {
    samples,
    low: Math.min(...loads),
    high: Math.max(...loads),
    activations: activations / (SECONDS / 2) * 60,
    busy: busyTicks / loads.length,
  };
}

/** A queue, with the parts of ledgers that are under way on either side. */
class SimulatedQueue {
  length = 0;
  readonly #scenario: Scenario;
  readonly #drained: (ledgers: number, ms: number) => void;
  #coming = 0;
  #going = 0;
  #busyMs = 0;

  constructor(scenario: Scenario, drained: (ledgers: number, ms: number) => void) {
    this.#scenario = scenario;
    this.#drained = drained;
  }

  produce(ledgers: number): void {
    const batch = this.#scenario.batch ?? 1;
    this.#coming += ledgers;
    while (this.#coming >= batch) {
      this.#coming -= batch;
      this.length += batch;
    }
  }

  /** Works for a tick; tells whether there was something to do. */
  consume(now: number, ms: number): boolean {
    if (this.length > 0 || this.#scenario.byWallTime) this.#busyMs += ms;
    if (this.length === 0) return false;
    if (now % 1000 < (this.#scenario.commitMs ?? 0)) return true;
    this.#going += this.#scenario.consumer * ms / 1000;
    const done = Math.min(Math.floor(this.#going), this.length);
    if (done === 0) return true;
    this.#going -= done;
    this.length -= done;
    this.#drained(done, this.#busyMs);
    this.#busyMs = 0;
    return true;
  }
}

/** A value that is known a while after it was set. */
class Delayed<T> {
  readonly #delayMs: number;
  readonly #set: { readonly atMs: number; readonly value: T }[];

  constructor(first: T, delayMs: number) {
    this.#delayMs = delayMs;
    this.#set = [{ atMs: -Infinity, value: first }];
  }

  set(now: number, value: T): void {
    this.#set.push({ atMs: now + this.#delayMs, value });
  }

  at(now: number): T {
    while (this.#set.length > 1 && this.#set[1]!.atMs <= now) this.#set.shift();
    return this.#set[0]!.value;
  }
}

/** What the decision note shows. */
export const SCENARIOS: Readonly<Record<string, Omit<Scenario, "hold">>> = {
  "twice too fast, 10 s of queue": { producer: 200, consumer: 100, maxInflight: 1000 },
  "twice too fast, 1 s of queue": { producer: 200, consumer: 100, maxInflight: 100 },
  "ten times too fast, 1 s of queue": { producer: 1000, consumer: 100, maxInflight: 100 },
  "ten times too fast, 0.1 s of queue": { producer: 1000, consumer: 100, maxInflight: 10 },
  "ten times too fast, batches of 10 ledgers": {
    producer: 1000,
    consumer: 100,
    maxInflight: 100,
    batch: 10,
  },
  "ten times too fast, commits of 300 ms": {
    producer: 1000,
    consumer: 100,
    maxInflight: 100,
    commitMs: 300,
  },
  "a fifth too fast, 10 s of queue": { producer: 120, consumer: 100, maxInflight: 1000 },
};

/** A queue that one batch fills: the consumer waits, while it is throttled, for the next. */
export const BATCH_FILLS_QUEUE: Omit<Scenario, "hold"> = {
  producer: 1000,
  consumer: 100,
  maxInflight: 20,
  batch: 20,
};

function printTable(): void {
  console.log("| scenario | hold | load | backpressure on, a minute | consumer busy |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    for (const hold of [false, true]) {
      const { low, high, activations, busy } = simulate({ ...scenario, hold });
      const load = `${low.toFixed(2)}–${high.toFixed(2)}`;
      const held = hold ? "yes" : "no";
      console.log(`| ${name} | ${held} | ${load} | ${activations} | ${Math.round(100 * busy)} % |`);
    }
  }
  for (const byWallTime of [false, true]) {
    const { busy } = simulate({ ...BATCH_FILLS_QUEUE, hold: true, byWallTime });
    const measured = byWallTime ? "wall time" : "time of work";
    console.log(
      `a batch fills the queue, by ${measured}: consumer ${Math.round(100 * busy)} % busy`,
    );
  }
}

/** Load and rate, five a second, for a plot. */
function printTrace(): void {
  const scenario = SCENARIOS["ten times too fast, 1 s of queue"]!;
  const [without, held] = [false, true].map((hold) => simulate({ ...scenario, hold }).samples);
  console.log("seconds,load,rate,load_held,rate_held");
  for (let i = 0; i < 2000; i += 20) {
    const [a, b] = [without![i]!, held![i]!];
    console.log(
      [a.ms / 1000, a.load, a.rate, b.load, b.rate].map((each) => +each.toFixed(3)).join(),
    );
  }
}

if (import.meta.main) {
  if (Deno.args.includes("--trace")) printTrace();
  else printTable();
}
