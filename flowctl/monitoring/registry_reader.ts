import { type Clock, realClock } from "../component/mod.ts";
import type { Service } from "../service/mod.ts";
import { monitoredService } from "./monitored_service.ts";
import type { MonitorReading } from "./pipeline_snapshot.ts";

/** Reads the services of a control plane in this process; asks nobody. */
export function registryReader(
  controlPlane: { services(): Service[] },
  clock: Clock = realClock,
): () => Promise<MonitorReading> {
  return () => {
    const now = clock.now();
    const services = controlPlane.services().map((service) => monitoredService(service, now));
    return Promise.resolve({ services, problems: [] });
  };
}
