import { isWorking } from "../../service/mod.ts";
import type { EventLink, Topology } from "../../topology/mod.ts";
import type { MonitoredService } from "../monitored_service.ts";
import { HIGH_LOAD_RATIO } from "./report_limits.ts";

/**
 * Which services are busy, and which one after each of them it is that holds it back: a slow service
 * fills all that come before it, so that the largest load alone does not tell who is slow. Linear in
 * services and their event types.
 */
export class HeldBack {
  /** The busiest reader of each event type, where one is busy. */
  readonly #busiestReader = new Map<string, MonitoredService>();
  readonly #causes = new Map<string, MonitoredService>();

  /** Looks at services as they are joined. */
  constructor(services: readonly MonitoredService[], { links }: Pick<Topology, "links">) {
    const busy = new Map<string, MonitoredService>();
    for (const service of services) if (isBusy(service)) busy.set(service.id, service);
    for (const link of links) {
      const busiest = busiestOf(link, busy);
      if (busiest !== undefined) this.#busiestReader.set(link.eventType, busiest);
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

  #busiestAfter({ id, outputEventTypes }: MonitoredService): MonitoredService | undefined {
    let busiest: MonitoredService | undefined;
    for (const eventType of outputEventTypes) {
      const reader = this.#busiestReader.get(eventType);
      if (reader !== undefined && reader.id !== id) busiest = busier(busiest, reader);
    }
    return busiest;
  }
}

function busiestOf(
  { consumers }: EventLink,
  busy: ReadonlyMap<string, MonitoredService>,
): MonitoredService | undefined {
  let busiest: MonitoredService | undefined;
  for (const id of consumers) {
    const service = busy.get(id);
    if (service !== undefined) busiest = busier(busiest, service);
  }
  return busiest;
}

/** Whether it works, and has more to do than it can. */
export function isBusy(service: MonitoredService): boolean {
  const { loadRatio, backpressureActive } = service.figures;
  return isWorking(service) && (backpressureActive === true || (loadRatio ?? 0) > HIGH_LOAD_RATIO);
}

/** The one with the larger load, and of equal ones that with the deeper queue. */
export function busier(
  one: MonitoredService | undefined,
  other: MonitoredService,
): MonitoredService {
  if (one === undefined) return other;
  const byLoad = (other.figures.loadRatio ?? 0) - (one.figures.loadRatio ?? 0);
  if (byLoad !== 0) return byLoad > 0 ? other : one;
  return (other.figures.queueDepth ?? 0) > (one.figures.queueDepth ?? 0) ? other : one;
}
