import type { MonitoredService } from "../monitored_service.ts";

/**
 * The services without those whose place another one has taken: a process that was killed and started
 * again comes back under a new id, where it was given none, and nobody will hear of the old one. The
 * new one serves at the same address, and began after the old one was heard of last; so a service of
 * another machine that happens to have the same loopback address takes nobody's place.
 */
export function presentServices(services: readonly MonitoredService[]): MonitoredService[] {
  const newest = new Map<string, MonitoredService>();
  for (const service of services) {
    const place = placeOf(service);
    const known = newest.get(place);
    if (known === undefined || ageOf(service) < ageOf(known)) newest.set(place, service);
  }
  return services.filter((service) => {
    const other = newest.get(placeOf(service))!;
    return service.endpoint === "" || other === service || !beganAfter(other, ageOf(service));
  });
}

function placeOf({ type, endpoint }: MonitoredService): string {
  return `${type} ${endpoint}`;
}

function ageOf({ lastHeartbeatAgeMs }: MonitoredService): number {
  return lastHeartbeatAgeMs ?? 0;
}

function beganAfter({ figures: { uptimeSeconds } }: MonitoredService, ageMs: number): boolean {
  return uptimeSeconds !== undefined && uptimeSeconds * 1000 < ageMs;
}
