import { isWorking, type Service } from "./service.ts";
import type { EventLink, Topology } from "./topology.ts";

/** How all services together are. */
export interface PipelineHealth {
  /** Unhealthy: some data cannot get through. Degraded: it can, with something wrong. */
  readonly status: "healthy" | "degraded" | "unhealthy";
  /** What is wrong, a sentence each, what is worst first; empty when healthy. */
  readonly reasons: readonly string[];
}

/** Ids that a sentence names before it only counts. */
const MAX_NAMED = 5;

/** Judges services by how they are and how they are joined; linear in services. */
export function pipelineHealth(
  services: readonly Service[],
  topology: Topology,
  now: number,
): PipelineHealth {
  if (services.length === 0) {
    return { status: "unhealthy", reasons: ["no service is registered"] };
  }
  const byId = new Map(services.map((service) => [service.id, service]));
  const broken = topology.links.flatMap((link) => brokenLink(link, byId) ?? []);
  const flaws = [
    ...services.flatMap((service) => flaw(service, now) ?? []),
    ...topology.cycles.map((ids) => `the outputs of ${named(ids)} come back to them`),
    ...topology.orphans.map((id) => `nothing joins ${id} to another service`),
  ];
  // Where data still goes by another way, a dead service is a flaw; a lone one carries nothing.
  const allDead = !services.some(isWorking);
  const status = broken.length > 0 || allDead
    ? "unhealthy"
    : flaws.length > 0
    ? "degraded"
    : "healthy";
  return { status, reasons: [...broken, ...flaws] };
}

/** Why nothing of an event type gets through, if so. */
function brokenLink(
  { eventType, producers, consumers }: EventLink,
  services: ReadonlyMap<string, Service>,
): string | undefined {
  if (consumers.length === 0) return undefined;
  if (producers.length === 0) return `nothing serves ${eventType}, which ${named(consumers)} reads`;
  const works = (id: string) => isWorking(services.get(id)!);
  if (!producers.some(works)) {
    return `${named(producers)}, which serves ${eventType}, does not work`;
  }
  if (!consumers.some(works)) return `${named(consumers)}, which reads ${eventType}, does not work`;
  return undefined;
}

function flaw(service: Service, now: number): string | undefined {
  const { id, status, expired, lastHeartbeatAt } = service;
  if (expired) {
    const seconds = Math.round(Math.max(0, now - lastHeartbeatAt) / 1000);
    return `${id} has not been heard of for ${seconds} s`;
  }
  return status === "HEALTHY" ? undefined : `${id} says that it is ${status}`;
}

function named(ids: readonly string[]): string {
  const shown = ids.slice(0, MAX_NAMED);
  const more = ids.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
