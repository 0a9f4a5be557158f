import { count, percent } from "../../command/mod.ts";
import { isWorking } from "../../service/mod.ts";
import type { MonitoredService } from "../monitored_service.ts";
import { busier, type HeldBack, isBusy } from "./held_back.ts";
import { DEEP_QUEUE, HIGH_LOAD_RATIO, QUEUE_SHARE } from "./report_limits.ts";

/** The service that holds up the others. */
export interface Bottleneck {
  readonly service_id: string;
  readonly load_ratio: number | null;
  readonly queue_depth: number | null;
  /** Whether its load or its queue shows it. */
  readonly found_by: "load" | "queue";
  /** Why it is that one, with the numbers. */
  readonly reason: string;
}

/** What holds up a pipeline: by load, and where nobody is busy by what waits; null where nothing does. */
export function bottleneckOf(
  services: readonly MonitoredService[],
  heldBack: HeldBack,
): Bottleneck | null {
  return byLoad(services, heldBack) ?? byQueue(services);
}

function byLoad(services: readonly MonitoredService[], heldBack: HeldBack): Bottleneck | null {
  const busy = services.filter(isBusy);
  let slowest: MonitoredService | undefined;
  for (const service of busy) slowest = busier(slowest, heldBack.causeOf(service));
  if (slowest === undefined) return null;
  const isHeld = (each: MonitoredService) =>
    each.id !== slowest.id && heldBack.causeOf(each).id === slowest.id;
  const others = busy.filter(isHeld).length;
  const rest = others === 0
    ? "nothing after it is busy"
    : `${count(others)} before it ${others === 1 ? "is" : "are"} busy, and nothing after it`;
  return { ...namesOf(slowest), found_by: "load", reason: `${ownReason(slowest)}; ${rest}` };
}

function ownReason({ figures: { loadRatio, backpressureActive } }: MonitoredService): string {
  const load = loadRatio === undefined ? "tells no load" : `has a load of ${percent(loadRatio)}`;
  if (loadRatio !== undefined && loadRatio > HIGH_LOAD_RATIO) {
    return `its load is ${percent(loadRatio)}, above ${percent(HIGH_LOAD_RATIO)}`;
  }
  return backpressureActive
    ? `it asks for less than comes, and ${load}`
    : `what it reads from is held back, and it ${load} now`;
}

function byQueue(services: readonly MonitoredService[]): Bottleneck | null {
  let all = 0;
  let deepest: MonitoredService | undefined;
  for (const service of services) {
    if (!isWorking(service)) continue;
    const depth = service.figures.queueDepth ?? 0;
    all += depth;
    if (depth > (deepest?.figures.queueDepth ?? 0)) deepest = service;
  }
  const depth = deepest?.figures.queueDepth ?? 0;
  if (deepest === undefined || depth < DEEP_QUEUE || depth <= QUEUE_SHARE * all) return null;
  const share = depth === all
    ? "which is all that waits anywhere"
    : `${percent(depth / all)} of the ${count(all)} that wait anywhere`;
  const reason = `${count(depth)} wait in its queue, ${share}; no load is above ${
    percent(HIGH_LOAD_RATIO)
  }`;
  return { ...namesOf(deepest), found_by: "queue", reason };
}

function namesOf({ id, figures }: MonitoredService) {
  return {
    service_id: id,
    load_ratio: figures.loadRatio ?? null,
    queue_depth: figures.queueDepth ?? null,
  };
}
