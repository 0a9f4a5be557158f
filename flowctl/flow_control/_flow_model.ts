import type { AnyFlowControl } from "./any_flow_control.ts";

/** One service of the model. */
interface ModelService {
  readonly maxInflight: number;
  readonly maxBytes: number;
  inflight: number;
  bytes: number;
  fill: number;
  consumers: number;
  on: boolean;
  /** In thousandths of thousandths, so that the model has no rounding of its own. */
  micros: number;
  phase: "free" | "throttled" | "held";
  calmSteps: number;
}

/**
 * Flow control as the page on it tells it, written for tests in the plainest way and apart from the real one:
 * objects, one rule after the other, no thought of speed.
 */
export class FlowModel {
  readonly services: ModelService[] = [];
  /** Level and service of each signal. */
  readonly signals: string[] = [];
  readonly #globalLimit: number;

  constructor(globalLimit: number) {
    this.#globalLimit = globalLimit;
  }

  add(maxInflight: number, maxBytes: number): void {
    this.services.push({
      maxInflight,
      maxBytes,
      inflight: 0,
      bytes: 0,
      fill: 0,
      consumers: 0,
      on: false,
      micros: 1_000_000,
      phase: "free",
      calmSteps: 0,
    });
  }

  update(index: number, inflight: number, bytes: number, fill: number, consumers: number): void {
    Object.assign(this.services[index]!, { inflight, bytes, fill, consumers });
    this.#react(index);
  }

  step(): void {
    for (const index of this.services.keys()) {
      if (this.#react(index)) continue;
      const service = this.services[index]!;
      if (service.on && this.load(index) > 0.8) this.#lower(index);
      else if (!service.on && service.phase === "throttled") this.#raise(index);
      else if (service.phase === "held") this.#watch(index);
    }
  }

  load(index: number): number {
    const { inflight, maxInflight, bytes, maxBytes, fill, consumers } = this.services[index]!;
    const all = this.services.reduce((sum, service) => sum + service.inflight, 0);
    const parts = [inflight / maxInflight, bytes / maxBytes, fill, consumers];
    return Math.max(...parts, all / this.#globalLimit);
  }

  #react(index: number): boolean {
    const service = this.services[index]!;
    const load = this.load(index);
    if (!service.on && load > 0.8) {
      service.on = true;
      service.phase = "throttled";
      if (service.micros > 500_000) service.micros = 500_000;
      this.signals.push(`on ${index}`);
      return true;
    }
    if (service.on && load < 0.6) {
      service.on = false;
      this.signals.push(`off ${index}`);
      return true;
    }
    return false;
  }

  #lower(index: number): void {
    const service = this.services[index]!;
    if (service.micros === 50_000) return;
    service.micros = Math.max(50_000, Math.round(service.micros * 4 / 5));
    this.signals.push(`deeper ${index}`);
  }

  #raise(index: number): void {
    const service = this.services[index]!;
    service.micros += 100_000;
    if (service.micros >= 1_000_000) {
      service.micros = 1_000_000;
      service.phase = "held";
      service.calmSteps = 0;
    }
    this.signals.push(`rising ${index}`);
  }

  #watch(index: number): void {
    const service = this.services[index]!;
    service.calmSteps = this.load(index) < 0.3 ? service.calmSteps + 1 : 0;
    if (service.calmSteps < 10) return;
    service.phase = "free";
    this.signals.push(`recovered ${index}`);
  }

  /** What a real one must show of a service; the drain rate is 1 ledger a second. */
  shows(index: number): { active: boolean; throttle: number; paced: boolean } {
    const { on, micros, phase } = this.services[index]!;
    return { active: on, throttle: micros / 1_000_000, paced: phase !== "free" };
  }
}

/** The same of a real one. */
export function shownBy(
  flow: AnyFlowControl,
  index: number,
): { active: boolean; throttle: number; paced: boolean } {
  const paced = flow.pacedRate(index) !== undefined;
  return { active: flow.isActive(index), throttle: flow.throttle(index), paced };
}
