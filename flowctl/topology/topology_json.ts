import type { Service } from "../service/mod.ts";
import type { PipelineHealth } from "./pipeline_health.ts";
import type { EventLink, Topology } from "./topology.ts";

/** A topology as `/api/topology` and the commands tell it. */
export function topologyJson(
  services: readonly Pick<Service, "id" | "type" | "status">[],
  { links, missingLinks, orphans, cycles }: Topology,
  health: PipelineHealth,
) {
  return {
    health,
    services: services.map(({ id, type, status }) => ({ id, type, status })),
    links: links.map(linkJson),
    missing_links: missingLinks.map(linkJson),
    orphans,
    cycles,
  };
}

function linkJson({ eventType, producers, consumers }: EventLink) {
  return { event_type: eventType, producers, consumers };
}
