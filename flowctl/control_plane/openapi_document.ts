import { alertPaths, alertSchemas } from "./alerts_openapi.ts";
import { monitoringPaths, monitoringSchemas } from "./monitoring_openapi.ts";
import {
  answer,
  figure,
  get,
  list,
  object,
  peak,
  reference,
  text,
  textMap,
  texts,
  time,
} from "./openapi_parts.ts";
import { SERVICE_STATUSES, SERVICE_TYPES } from "../service/mod.ts";

const schemas = {
  Error: object({ error: text }),
  ServiceType: { ...text, enum: SERVICE_TYPES },
  ServiceStatus: { ...text, enum: SERVICE_STATUSES },
  Service: object({
    id: text,
    name: text,
    description: text,
    version: text,
    type: reference("ServiceType"),
    status: reference("ServiceStatus"),
    expired: { type: "boolean", description: "Not heard of within HEARTBEAT_TTL." },
    endpoint: text,
    input_event_types: texts,
    output_event_types: texts,
    assigned_topics: texts,
    max_inflight: { type: "integer", description: "0 where the service does not say." },
    metadata: textMap,
    metrics: { ...textMap, description: "The latest value of each metric of its heartbeats." },
    registered_at: time,
    last_heartbeat_at: time,
    heartbeat_age_seconds: { type: "number" },
  }),
  Services: object({ services: list("Service") }),
  ServiceNode: object({
    id: text,
    type: reference("ServiceType"),
    status: reference("ServiceStatus"),
  }),
  EventLink: object({ event_type: text, producers: texts, consumers: texts }),
  PipelineHealth: object({
    status: { ...text, enum: ["healthy", "degraded", "unhealthy"] },
    reasons: texts,
  }),
  Topology: object({
    health: reference("PipelineHealth"),
    services: list("ServiceNode"),
    links: list("EventLink"),
    missing_links: list("EventLink"),
    orphans: texts,
    cycles: { type: "array", items: texts },
  }),
  ServiceMetrics: object({
    id: text,
    type: reference("ServiceType"),
    status: reference("ServiceStatus"),
    events_per_second: figure("Events a second; of a source its ledgers."),
    latency_ms: figure("Time that it takes for its work."),
    load_ratio: figure("Part of its limit that is in use: 1 is full."),
    queue_depth: figure("What waits in its queues."),
    error_rate: figure("Part of its latest work that failed, from 0 to 1."),
  }),
  Peak: object({ value: { type: "number" }, service_id: text }),
  PipelineTotal: object({
    services: { type: "integer" },
    working: { type: "integer", description: "Only these count in what follows." },
    events_per_second: figure(
      "At the end of the pipeline: of the consumers, else the processors, else the sources.",
    ),
    events_per_second_by_type: { type: "object", additionalProperties: { type: "number" } },
    latency_ms: peak("The slowest service."),
    load_ratio: peak("The most loaded service."),
    queue_depth: figure("What waits in all queues."),
    error_rate: peak("The service of whose latest work most failed."),
  }),
  Metrics: object({ services: list("ServiceMetrics"), total: reference("PipelineTotal") }),
  Health: object({
    status: { ...text, enum: ["healthy", "starting", "degraded", "unhealthy", "stopping"] },
    component: text,
    version: text,
    uptime_seconds: { type: "number" },
    ports: { type: "object", additionalProperties: { type: "integer" } },
    details: { type: "object" },
  }),
  ...monitoringSchemas,
  ...alertSchemas,
};

/** Paths that ask for the token where there is one. */
function withToken<P extends Readonly<Record<string, ReturnType<typeof get>>>>(paths: P) {
  const error = reference("Error");
  const refusals = {
    401: {
      ...answer("The token is missing or another one.", error),
      headers: { "WWW-Authenticate": { schema: text } },
    },
    403: answer("There is no token, and other machines reach this address.", error),
  };
  return Object.fromEntries(
    Object.entries(paths).map(([path, { get: operation }]) => [path, {
      get: {
        ...operation,
        responses: { ...operation.responses, ...refusals },
        // Without a token nothing is asked for, which `{}` says.
        security: [{ bearer: [] }, {}],
      },
    }]),
  );
}

/** What the health port answers, as an OpenAPI document. */
export function openApiDocument(version: string) {
  const health = reference("Health");
  return {
    openapi: "3.1.0",
    info: {
      title: "flowctl control plane",
      description: "Services, their health and how they are joined, for reading.",
      version,
    },
    paths: {
      "/health": get("getHealth", "How the control plane itself is.", {
        200: answer("It works.", health),
        503: answer("It does not, or not yet or no longer.", health),
      }),
      "/metrics": get("getMetrics", "Metrics of the control plane for Prometheus.", {
        200: answer("The text format of Prometheus.", text, "text/plain"),
      }),
      ...withToken({
        "/api/services": get("listServices", "All services, in the order in which they came.", {
          200: answer("The services.", reference("Services")),
        }),
        "/api/topology": get("getTopology", "How the services are joined, and how that is.", {
          200: answer("The graph.", reference("Topology")),
        }),
        "/api/metrics": get("getPipelineMetrics", "What the services do, each and together.", {
          200: answer("The figures, from heartbeats.", reference("Metrics")),
        }),
        ...monitoringPaths,
        ...alertPaths,
        "/api/openapi.json": get("getOpenApi", "This document.", {
          200: answer("The document.", { type: "object" }),
        }),
      }),
    },
    components: {
      schemas,
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "The token of AUTH_TOKEN_FILE, where the control plane has one.",
        },
      },
    },
  };
}
