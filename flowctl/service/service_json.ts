import { assignedTopics, type Service } from "./service.ts";

/** A service as whoever shows it knows it. */
export type ShownService = Omit<Service, "expired"> & {
  /** Absent where only the control plane knows. */
  readonly expired?: boolean;
};

/**
 * A service as `/api/services` and the commands tell it.
 *
 * @param now in milliseconds since 1970
 */
export function serviceJson(service: ShownService, now: number) {
  const { registeredAt, lastHeartbeatAt } = service;
  return {
    id: service.id,
    name: service.name,
    description: service.description,
    version: service.version,
    type: service.type,
    status: service.status,
    ...(service.expired === undefined ? {} : { expired: service.expired }),
    endpoint: service.endpoint,
    input_event_types: service.inputEventTypes,
    output_event_types: service.outputEventTypes,
    assigned_topics: assignedTopics(service),
    max_inflight: service.maxInflight,
    metadata: service.metadata,
    metrics: service.metrics,
    registered_at: timeOf(registeredAt),
    last_heartbeat_at: timeOf(lastHeartbeatAt),
    heartbeat_age_seconds: lastHeartbeatAt === 0 ? null : Math.max(0, now - lastHeartbeatAt) / 1000,
  };
}

/** The older protocol does not tell all times: those are 0. */
function timeOf(time: number): string | null {
  return time === 0 ? null : new Date(time).toISOString();
}
