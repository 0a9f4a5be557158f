import { type Clock, type HttpRoutes, jsonResponse } from "../component/mod.ts";
import type { ControlPlane } from "./control_plane.ts";
import { openApiDocument } from "./openapi_document.ts";
import { assignedTopics, type Service } from "../service/mod.ts";
import type { EventLink } from "../topology/mod.ts";

/** The control plane's services and topology as JSON over HTTP, for reading only. */
export function httpApi(controlPlane: ControlPlane, clock: Clock, version: string): HttpRoutes {
  return {
    "/api/services": () => {
      const now = clock.now();
      const services = controlPlane.services().map((service) => serviceJson(service, now));
      return jsonResponse(200, { services });
    },
    "/api/topology": () => {
      const { links, missingLinks, orphans, cycles } = controlPlane.topology();
      const services = controlPlane.services().map(({ id, type, status }) => ({
        id,
        type,
        status,
      }));
      return jsonResponse(200, {
        health: controlPlane.health(),
        services,
        links: links.map(linkJson),
        missing_links: missingLinks.map(linkJson),
        orphans,
        cycles,
      });
    },
    "/api/openapi.json": () => jsonResponse(200, openApiDocument(version)),
  };
}

function serviceJson(service: Service, now: number) {
  const { registeredAt, lastHeartbeatAt } = service;
  return {
    id: service.id,
    name: service.name,
    description: service.description,
    version: service.version,
    type: service.type,
    status: service.status,
    expired: service.expired,
    endpoint: service.endpoint,
    input_event_types: service.inputEventTypes,
    output_event_types: service.outputEventTypes,
    assigned_topics: assignedTopics(service),
    max_inflight: service.maxInflight,
    metadata: service.metadata,
    metrics: service.metrics,
    registered_at: new Date(registeredAt).toISOString(),
    last_heartbeat_at: new Date(lastHeartbeatAt).toISOString(),
    heartbeat_age_seconds: Math.max(0, now - lastHeartbeatAt) / 1000,
  };
}

function linkJson({ eventType, producers, consumers }: EventLink) {
  return { event_type: eventType, producers, consumers };
}
