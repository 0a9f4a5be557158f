import type { AlertJson, ServiceJson, SnapshotJson } from "./api_types.ts";
import { eventNoun, figureText, shortEventType, UNKNOWN, word } from "./figure_text.ts";
import { type GraphLayout, graphLayout, type GraphSizes } from "./graph_layout.ts";
import { flowText, isWorking } from "./service_figures.ts";
import { labelOf, type ServiceLabels } from "../../service/mod.ts";

/** How data goes over a join. */
export type EdgeState = "broken" | "held" | "flowing" | "idle";

/** A join with what is shown of it. */
export interface ShownEdge {
  readonly from: string;
  readonly to: string;
  readonly state: EdgeState;
  /** Names of the event types, short. */
  readonly label: string;
  /** How much the producer gives. */
  readonly rate: string;
  /** All of it for those who do not see the drawing. */
  readonly sentence: string;
}

/** Services in a drawing at most: more are too small to read, and the table has them all. */
export const MAX_DRAWN = 60;

/** Labels in a drawing at most: more would cover each other. */
export const MAX_LABELS = 12;

/** The services that are drawn: all, or of many those that something is the matter with. */
export function drawnServices(
  services: readonly ServiceJson[],
  alerts: readonly AlertJson[] = [],
): readonly ServiceJson[] {
  if (services.length <= MAX_DRAWN) return services;
  const named = new Set(alerts.map(({ labels }) => labels.service_id));
  const weight = (service: ServiceJson) =>
    (isWorking(service) ? 0 : 4) + (named.has(service.id) ? 2 : 0) + (service.load_ratio ?? 0);
  const first = services.toSorted((a, b) => weight(b) - weight(a)).slice(0, MAX_DRAWN);
  const chosen = new Set(first);
  return services.filter((service) => chosen.has(service));
}

/** The joins between services that are drawn; those between the same two are one. */
export function shownEdges(
  { edges }: Pick<SnapshotJson, "edges">,
  services: readonly ServiceJson[],
  labels: ServiceLabels,
): ShownEdge[] {
  const byId = new Map(services.map((service) => [service.id, service]));
  const joined = Map.groupBy(edges, ({ from, to }) => JSON.stringify([from, to]));
  const shown: ShownEdge[] = [];
  for (const same of joined.values()) {
    const [from, to] = [byId.get(same[0]!.from), byId.get(same[0]!.to)];
    if (from === undefined || to === undefined) continue;
    const eventTypes = same.map(({ event_type }) => shortEventType(event_type)).join(", ");
    const edge = shownEdge(from, to, eventTypes);
    const ends = `${labelOf(labels, from.id)} to ${labelOf(labels, to.id)}`;
    shown.push({ ...edge, sentence: `${ends}: ${edge.sentence}` });
  }
  return shown;
}

function shownEdge(from: ServiceJson, to: ServiceJson, label: string): ShownEdge {
  const state = edgeState(from, to);
  const rate = figureText(state === "broken" ? null : from.events_per_second, "rate");
  const pace = rate === UNKNOWN ? "" : `, ${rate} (${eventNoun(from.type)})`;
  return {
    from: from.id,
    to: to.id,
    state,
    label,
    rate,
    sentence: `${label}${pace}, ${STATE_WORDS[state]}`,
  };
}

const STATE_WORDS: Readonly<Record<EdgeState, string>> = {
  broken: "does not work",
  held: "held back",
  flowing: "flowing",
  idle: "idle",
};

function edgeState(from: ServiceJson, to: ServiceJson): EdgeState {
  if (!isWorking(from) || !isWorking(to)) return "broken";
  const isSlowed = from.throttle_rate !== null && from.throttle_rate < 1;
  if (to.backpressure_active === true || isSlowed) return "held";
  return (from.events_per_second ?? 0) > 0 ? "flowing" : "idle";
}

/** What a node says to those who do not see it. */
export function nodeSentence(service: ServiceJson, label: string): string {
  if (!isWorking(service)) {
    return `${label}, ${word(service.type)}, ${word(service.status)}, ${heardOf(service)}`;
  }
  return [
    `${label}, ${word(service.type)}, ${word(service.status)}`,
    `${figureText(service.events_per_second, "rate")} ${eventNoun(service.type)}`,
    `load ${figureText(service.load_ratio, "part")}`,
    flowText(service),
    ...(service.ledgers_behind_tip === null
      ? []
      : [`${figureText(service.ledgers_behind_tip, "count")} ledgers behind the tip`]),
  ].filter((part) => !part.includes(UNKNOWN)).join(", ");
}

/** When a service was heard of last: what it told then says nothing of now. */
export function heardOf({ last_heartbeat_age_ms: age }: ServiceJson): string {
  return age === null ? "not heard of" : `heard of ${figureText(age, "age")} ago`;
}

/** Below this width the data goes down the page. */
const NARROW = 640;

const RIGHT: GraphSizes = { nodeWidth: 212, nodeHeight: 140, layerGap: 88, nodeGap: 16 };
const DOWN: GraphSizes = { nodeWidth: 150, nodeHeight: 140, layerGap: 46, nodeGap: 12 };

/** Widest gap and widest node: beyond that a drawing falls apart. */
const MAX_GAP = 220;
const MAX_NODE_WIDTH = 340;

/** A drawing with the size of its nodes. */
export interface FittedLayout extends GraphLayout, GraphSizes {
  /** Whether the data goes down, not to the right. */
  readonly isDown: boolean;
}

/** A drawing that fills the room there is, and where there is too little is as small as can be read. */
export function fittedLayout(
  services: readonly ServiceJson[],
  edges: readonly ShownEdge[],
  width: number,
): FittedLayout {
  const isDown = width < NARROW;
  const least = isDown ? DOWN : RIGHT;
  const direction = isDown ? "down" : "right";
  const small = graphLayout(services, edges, least, direction);
  const spare = Math.max(0, width - small.width);
  const columns = new Set(small.nodes.map(({ x }) => x)).size;
  const sizes = isDown
    ? { ...least, nodeWidth: Math.min(MAX_NODE_WIDTH, least.nodeWidth + spare / mostIn(small)) }
    : {
      ...least,
      layerGap: Math.min(MAX_GAP, least.layerGap + Math.floor(spare / Math.max(1, columns - 1))),
    };
  return { ...graphLayout(services, edges, sizes, direction), ...sizes, isDown };
}

/** Nodes of the fullest row. */
function mostIn({ nodes }: GraphLayout): number {
  const rows = Map.groupBy(nodes, ({ y }) => y);
  return Math.max(1, ...[...rows.values()].map(({ length }) => length));
}

/** What tells an edge from the others. */
export function edgeKey({ from, to }: Pick<ShownEdge, "from" | "to">): string {
  return JSON.stringify([from, to]);
}

/**
 * The edges that have a label, by their keys: what a producer gives is the same to all who read it,
 * so it stands at the straightest of its edges.
 */
export function labelledEdges(
  { nodes, isDown }: FittedLayout,
  edges: readonly ShownEdge[],
): ReadonlySet<string> {
  const place = new Map(nodes.map(({ id, x, y }) => [id, isDown ? x : y]));
  const bend = ({ from, to }: ShownEdge) => Math.abs(place.get(from)! - place.get(to)!);
  const same = Map.groupBy(edges, ({ from, label }) => JSON.stringify([from, label]));
  const chosen = [...same.values()].map((each) => each.reduce((a, b) => bend(b) < bend(a) ? b : a));
  return new Set(chosen.length > MAX_LABELS ? [] : chosen.map(edgeKey));
}
