import { type Clock, type ClockTimer, Throughput } from "../../flowctl/mod.ts";
import type { ComponentSnapshot } from "../supervision/mod.ts";
import { type ComponentStatus, componentStatus } from "./pipeline_status.ts";

/** Time between two looks at the counters; supervision asks the components as often. */
const LOOK_EVERY_MS = 1_000;

/** Follows the counters of all components, so that a status can tell rates. `start()`, `stop()`. */
export class StatusCollector implements Disposable {
  readonly #snapshots: () => readonly ComponentSnapshot[];
  readonly #nameOf: (component: string) => string;
  readonly #clock: Clock;
  readonly #rates = new Map<string, { ledgers: Throughput; events: Throughput }>();
  #timer: ClockTimer | undefined;

  /** @param nameOf the short name of a component */
  constructor(
    snapshots: () => readonly ComponentSnapshot[],
    nameOf: (component: string) => string,
    clock: Clock,
  ) {
    this.#snapshots = snapshots;
    this.#nameOf = nameOf;
    this.#clock = clock;
  }

  start(): void {
    this.#timer = this.#clock.setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  stop(): void {
    this.#timer?.stop();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  /** All components now. */
  components(): ComponentStatus[] {
    return this.#snapshots().map((snapshot) => {
      const rates = this.#rates.get(snapshot.component);
      return componentStatus(snapshot, this.#nameOf(snapshot.component), {
        ledgers: rates?.ledgers.perSecond(),
        events: rates?.events.perSecond(),
      }, this.#clock.monotonic());
    });
  }

  #look(): void {
    const now = this.#clock.monotonic();
    for (const { component, reply } of this.#snapshots()) {
      const progress = reply?.code === undefined ? undefined : reply.answer?.progress;
      if (progress === undefined) continue;
      const rates = this.#rates.get(component) ??
        { ledgers: new Throughput(), events: new Throughput() };
      this.#rates.set(component, rates);
      rates.ledgers.update(progress.ledgers_total, now);
      if (typeof progress.events_total === "number") {
        rates.events.update(progress.events_total, now);
      }
    }
  }
}
