import type { MonitoredService } from "./monitored_service.ts";
import type { MonitorReading } from "./pipeline_snapshot.ts";

/**
 * What components answer themselves, and what a control plane knows beside it. A service that both
 * know, by the address of its `/health`, is told as it answers itself, with its heartbeat's age;
 * services that only the control plane knows are added.
 */
export function joinedReading(own: MonitorReading, listed: MonitorReading): MonitorReading {
  const byHealth = new Map<string, MonitoredService>();
  for (const service of listed.services) {
    if (service.healthEndpoint !== undefined) byHealth.set(service.healthEndpoint, service);
  }
  const both = new Set<MonitoredService>();
  const services = own.services.map((service) => {
    const found = byHealth.get(service.healthEndpoint ?? "");
    if (found === undefined) return service;
    both.add(found);
    const { lastHeartbeatAgeMs, expired } = found;
    return { ...service, lastHeartbeatAgeMs, ...(expired === undefined ? {} : { expired }) };
  });
  const ids = new Set(services.map(({ id }) => id));
  const others = listed.services.filter((service) => !both.has(service)).map((service) => {
    // Two services of one id would be taken for one.
    if (!ids.has(service.id)) return service;
    const id = `${service.id} of the control plane`;
    return { ...service, id, figures: { ...service.figures, id } };
  });
  return {
    services: [...services, ...others],
    problems: [...own.problems, ...listed.problems],
    // What a control plane does not tell of others must not make those orphans.
    joined: (own.joined ?? true) && (others.length === 0 || (listed.joined ?? true)),
  };
}
