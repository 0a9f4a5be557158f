import { isWorking, type Service } from "../service/mod.ts";
import {
  cycleSentence,
  deadSentence,
  missingLinkSentence,
  named,
  orphanSentence,
} from "./topology_sentences.ts";
import type { EventLink, Topology } from "./topology.ts";

/** What a judgement needs to know of a service. */
export interface JudgedService extends Pick<Service, "id" | "status" | "lastHeartbeatAt"> {
  /** Whether it has not been heard of for too long; absent where only the control plane knows. */
  readonly expired?: boolean;
  /** Whether it was asked itself and gave no answer. */
  readonly isSilent?: boolean;
}

/** How all services together are. */
export interface PipelineHealth {
  /** Unhealthy: some data cannot get through. Degraded: it can, with something wrong. */
  readonly status: "healthy" | "degraded" | "unhealthy";
  /** What is wrong, a sentence each, what is worst first; empty when healthy. */
  readonly reasons: readonly string[];
}

/** Judges services by how they are and how they are joined; linear in services. */
export function pipelineHealth(
  services: readonly JudgedService[],
  topology: Topology,
  now: number,
): PipelineHealth {
  if (services.length === 0) {
    return { status: "unhealthy", reasons: ["no service is registered"] };
  }
  const byId = new Map(services.map((service) => [service.id, service]));
  const missing = new Set(topology.missingLinks);
  const broken = topology.links.flatMap((link) => brokenLink(link, missing, byId) ?? []);
  const flaws = [
    ...services.flatMap((service) => flaw(service, now) ?? []),
    ...topology.cycles.map(cycleSentence),
    ...topology.orphans.map(orphanSentence),
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
  link: EventLink,
  missing: ReadonlySet<EventLink>,
  services: ReadonlyMap<string, JudgedService>,
): string | undefined {
  const { eventType, producers, consumers } = link;
  if (consumers.length === 0) return undefined;
  if (missing.has(link)) return missingLinkSentence(link);
  const works = (id: string) => isWorking(services.get(id)!);
  // Whoever serves it elsewhere is not known; whether it works shows in who reads it.
  if (producers.length > 0 && !producers.some(works)) {
    return deadSentence(producers, "serve", eventType);
  }
  if (!consumers.some(works)) return deadSentence(consumers, "read", eventType);
  return undefined;
}

function flaw(service: JudgedService, now: number): string | undefined {
  const id = named([service.id]);
  const { status, expired, isSilent, lastHeartbeatAt } = service;
  if (isSilent) return `${id} gives no answer`;
  const seconds = Math.round(Math.max(0, now - lastHeartbeatAt) / 1000);
  if (expired) return `${id} has not been heard of for ${seconds} s`;
  if (status === "HEALTHY") return undefined;
  // A client is not told whether the service has said so, or nothing at all for too long.
  if (expired === undefined && status === "UNHEALTHY" && lastHeartbeatAt > 0) {
    return `${id} is UNHEALTHY, and was heard of ${seconds} s ago`;
  }
  return `${id} says that it is ${status}`;
}
