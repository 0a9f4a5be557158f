import { type MonitoredService, monitoredService } from "./monitored_service.ts";
import { processor, service, sink, source } from "../service/testing/mod.ts";
import type { Service } from "../service/mod.ts";
import { type PipelineSnapshot, pipelineSnapshot } from "./pipeline_snapshot.ts";

/** When all of it is looked at, in milliseconds since 1970. */
export const NOW = Date.UTC(2025, 0, 1);

/** A service that tells these figures, and was heard of a second ago. */
export function monitored(
  fields: Partial<Service>,
  figures: Readonly<Record<string, number>> = {},
): MonitoredService {
  const metrics = Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, String(value)]),
  );
  return monitoredService(service({ lastHeartbeatAt: NOW - 1_000, ...fields, metrics }), NOW);
}

/** The figures of the product's three components, by the names of heartbeats. */
export interface PipelineFigures {
  readonly source?: Readonly<Record<string, number>>;
  readonly processor?: Readonly<Record<string, number>>;
  readonly sink?: Readonly<Record<string, number>>;
}

/** Source, processor and sink with these figures. */
export function threeServices(figures: PipelineFigures = {}): MonitoredService[] {
  return [
    monitored(source, figures.source),
    monitored(processor, figures.processor),
    monitored(sink, figures.sink),
  ];
}

/** A look at some services that has gone well. */
export function snapshotOf(services: readonly MonitoredService[]): PipelineSnapshot {
  return pipelineSnapshot({ services, problems: [] }, NOW);
}
