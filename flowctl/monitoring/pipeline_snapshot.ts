import { type PipelineTotal, pipelineTotal } from "../metrics/mod.ts";
import {
  type EventLink,
  type PipelineHealth,
  pipelineHealth,
  type Topology,
  topologyOf,
} from "../topology/mod.ts";
import type { MonitoredService } from "./monitored_service.ts";

/** What was read of a pipeline. */
export interface MonitorReading {
  readonly services: readonly MonitoredService[];
  /** What could not be read, a sentence each; the rest is used. */
  readonly problems: readonly string[];
  /** False where event types are not told, so that nothing can be said of who reads whom. */
  readonly joined?: boolean;
}

/** Who reads an event type of whom. */
export type PipelineEdge = readonly [from: string, to: string, eventType: string];

/** A pipeline at a moment. */
export interface PipelineSnapshot {
  /** When, in milliseconds since 1970. */
  readonly timeMs: number;
  /** In the order in which they were read. */
  readonly services: readonly MonitoredService[];
  /** All of them together. */
  readonly total: PipelineTotal;
  /** Who serves what others read, where that is told. */
  readonly topology: Topology;
  /** At most {@linkcode MAX_EDGES}. */
  readonly edges: readonly PipelineEdge[];
  /** How the pipeline is, with reasons. */
  readonly health: PipelineHealth;
  /** What could not be read, a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Edges of a snapshot at most: each producer of an event type is joined to each of its consumers,
 * which is quadratic in services, and nobody looks at a drawing of more.
 */
export const MAX_EDGES = 2_000;

const NOT_JOINED: Topology = { links: [], missingLinks: [], orphans: [], cycles: [] };

/**
 * A reading with what follows from it: total, edges and health; linear in services.
 *
 * @param timeMs when it was read, in milliseconds since 1970
 */
export function pipelineSnapshot(reading: MonitorReading, timeMs: number): PipelineSnapshot {
  const { services, problems, joined = true } = reading;
  const topology = joined ? topologyOf(services) : NOT_JOINED;
  const judged = services.map(({ id, status, expired, isSilent, lastHeartbeatAgeMs: ageMs }) => ({
    id,
    status,
    ...(isSilent === undefined ? {} : { isSilent }),
    ...(expired === undefined ? {} : { expired }),
    // 0 stands for what nobody has heard of yet.
    lastHeartbeatAt: ageMs === null ? 0 : timeMs - ageMs,
  }));
  const { edges, left } = edgesOf(topology.links);
  return {
    timeMs,
    services,
    topology,
    total: pipelineTotal(services.map(({ figures }) => figures)),
    edges,
    health: pipelineHealth(judged, topology, timeMs),
    problems: left === 0
      ? problems
      : [...problems, `${edges.length + left} joins are too many to show: ${left} are left out`],
  };
}

function edgesOf(links: readonly EventLink[]): { edges: PipelineEdge[]; left: number } {
  const edges: PipelineEdge[] = [];
  let all = 0;
  for (const { eventType, producers, consumers } of links) {
    all += producers.length * consumers.length;
    for (const from of producers) {
      // Counting alone must not be quadratic.
      if (edges.length >= MAX_EDGES) break;
      for (const to of consumers) {
        if (edges.length >= MAX_EDGES) break;
        edges.push([from, to, eventType]);
      }
    }
  }
  return { edges, left: all - edges.length };
}
