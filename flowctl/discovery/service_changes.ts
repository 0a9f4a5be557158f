import type { ListedService } from "../controller/mod.ts";
import { isWorking } from "../service/mod.ts";

/** What has happened to a service between two looks. */
export interface DiscoveryChange {
  /**
   * Changed: it says something else of itself, such as another endpoint. Healthy and unhealthy: it
   * works again, or no longer. One that is added or removed is told by that alone.
   */
  readonly what: "added" | "removed" | "changed" | "healthy" | "unhealthy";
  /** The service as it is now, or was last. */
  readonly service: ListedService;
}

/** Services by id. */
export type ServicesById = ReadonlyMap<string, ListedService>;

/** What has changed from one look to the next; takes time linear in services. */
export function changesBetween(before: ServicesById, after: ServicesById): DiscoveryChange[] {
  const changes: DiscoveryChange[] = [];
  for (const [id, service] of before) {
    if (!after.has(id)) changes.push({ what: "removed", service });
  }
  for (const [id, service] of after) {
    const earlier = before.get(id);
    if (earlier === undefined) {
      changes.push({ what: "added", service });
      continue;
    }
    if (!saysTheSame(earlier, service)) changes.push({ what: "changed", service });
    if (isWorking(earlier) === isWorking(service)) continue;
    changes.push({ what: isWorking(service) ? "healthy" : "unhealthy", service });
  }
  return changes;
}

function saysTheSame(a: ListedService, b: ListedService): boolean {
  return a.name === b.name && a.description === b.description && a.version === b.version &&
    a.type === b.type && a.endpoint === b.endpoint &&
    sameList(a.inputEventTypes, b.inputEventTypes) &&
    sameList(a.outputEventTypes, b.outputEventTypes) &&
    sameList(pairs(a.metadata), pairs(b.metadata));
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}

/** Keys and values in turn, in the order of the keys: maps have none on the wire. */
function pairs(map: Readonly<Record<string, string>>): string[] {
  return Object.keys(map).sort().flatMap((key) => [key, map[key]!]);
}
