import { isWorking } from "../../service/mod.ts";
import type { EventLink, Topology } from "../../topology/mod.ts";
import type { MonitoredService } from "../monitored_service.ts";
import { HIGH_LOAD_RATIO, RECOVERED_LOAD_RATIO } from "./report_limits.ts";

/**
 * Which services are busy, and which one after each of them it is that holds it back: a slow service
 * fills all that come before it, so that the largest load alone does not tell who is slow. Linear in
 * services and their event types.
 */
export class HeldBack {
  /** The most loaded reader of each event type, of those that work. */
  readonly #readers = new Map<string, MonitoredService>();
  readonly #causes = new Map<string, MonitoredService>();

  /** Looks at services as they are joined. */
  constructor(services: readonly MonitoredService[], { links }: Pick<Topology, "links">) {
    const working = new Map<string, MonitoredService>();
    for (const service of services) if (isWorking(service)) working.set(service.id, service);
    for (const link of links) {
      const most = mostLoaded(link, working);
      if (most !== undefined) this.#readers.set(link.eventType, most);
    }
  }

  /** The service that holds this one back: the last busy one on the way down; itself where none is. */
  causeOf(service: MonitoredService): MonitoredService {
    const known = this.#causes.get(service.id);
    if (known !== undefined) return known;
    const path = new Map<string, MonitoredService>();
    let cause = service;
    for (let next: MonitoredService | undefined = service; next !== undefined;) {
      // A circle ends where it comes back to itself.
      if (path.has(next.id)) break;
      path.set(next.id, next);
      cause = this.#causes.get(next.id) ?? next;
      next = cause === next ? this.#busiestAfter(next) : undefined;
    }
    for (const id of path.keys()) this.#causes.set(id, cause);
    return cause;
  }

  /** The next one on the way down: a busy one, or, of who asks for less for no reason of its own, any. */
  #busiestAfter(service: MonitoredService): MonitoredService | undefined {
    const { id, outputEventTypes } = service;
    let most: MonitoredService | undefined;
    for (const eventType of outputEventTypes) {
      const reader = this.#readers.get(eventType);
      if (reader !== undefined && reader.id !== id) most = busier(most, reader);
    }
    return most !== undefined && (isBusy(most) || isHeld(service)) ? most : undefined;
  }
}

function mostLoaded(
  { consumers }: EventLink,
  working: ReadonlyMap<string, MonitoredService>,
): MonitoredService | undefined {
  let most: MonitoredService | undefined;
  for (const id of consumers) {
    const service = working.get(id);
    if (service !== undefined) most = busier(most, service);
  }
  return most;
}

/** Whether it asks for less, or gives less, although it has little to do: one after it does. */
function isHeld(service: MonitoredService): boolean {
  const { backpressureActive, throttleRate, loadRatio } = service.figures;
  const isSlowed = backpressureActive === true || throttleRate !== undefined && throttleRate < 1;
  return isSlowed && loadRatio !== undefined && loadRatio < RECOVERED_LOAD_RATIO;
}

/** Whether it works, and has more to do than it can. */
export function isBusy(service: MonitoredService): boolean {
  const { loadRatio, backpressureActive } = service.figures;
  return isWorking(service) && (backpressureActive === true || (loadRatio ?? 0) > HIGH_LOAD_RATIO);
}

/** The busy one; of two that are or are not, the one with the larger load, then with the deeper queue. */
export function busier(
  one: MonitoredService | undefined,
  other: MonitoredService,
): MonitoredService {
  if (one === undefined) return other;
  const isOther = isBusy(other);
  if (isBusy(one) !== isOther) return isOther ? other : one;
  const byLoad = (other.figures.loadRatio ?? 0) - (one.figures.loadRatio ?? 0);
  if (byLoad !== 0) return byLoad > 0 ? other : one;
  return (other.figures.queueDepth ?? 0) > (one.figures.queueDepth ?? 0) ? other : one;
}
