/** One scrape of the flowctl metrics of all services that a control plane knows. */
import { MetricsRegistry, realClock, RegisteredServicesMetrics } from "../flowctl/mod.ts";
import { monitoredServices } from "./_monitored_services.ts";

for (const count of [10, 100, 1000]) {
  const services = monitoredServices(count);
  const metrics = new MetricsRegistry();
  new RegisteredServicesMetrics(metrics, {
    services: () => services,
    pipelines: () => new Map(),
    clock: realClock,
    intervalMs: 5_000,
  });
  Deno.bench({ name: `monitoring: thirteen metrics of ${count} services` }, async () => {
    await metrics.text();
  });
}
