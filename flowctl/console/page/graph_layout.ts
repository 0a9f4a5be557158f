/** What is drawn: services by id, with their place in a pipeline. */
export interface GraphNode {
  readonly id: string;
  readonly type: string;
}

/** Who reads from whom. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** Sizes of a drawing, in pixels. */
export interface GraphSizes {
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  /** Room between layers, where the edges' labels stand. */
  readonly layerGap: number;
  /** Room between the nodes of a layer. */
  readonly nodeGap: number;
}

/** A node's upper left corner. */
export interface PlacedNode {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** An edge as a curve, and the place of its label. */
export interface PlacedEdge {
  readonly from: string;
  readonly to: string;
  /** Of an SVG path. */
  readonly path: string;
  readonly labelX: number;
  readonly labelY: number;
}

/** A drawing. */
export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

/** Which way data goes in a drawing. */
export type GraphDirection = "right" | "down";

/** The least layer of a type, so that a processor that nobody feeds does not stand with sources. */
const LEAST_LAYER: Readonly<Record<string, number>> = { PROCESSOR: 1, CONSUMER: 2 };

/** Passes over the layers to bring neighbours together; more changes nothing that one would see. */
const ORDER_PASSES = 4;

/**
 * A layered drawing: who reads stands after whom it reads from, and neighbours near each other.
 * Edges that close a circle go back. The same input gives the same drawing.
 */
export function graphLayout(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  sizes: GraphSizes,
  direction: GraphDirection = "right",
): GraphLayout {
  const known = new Set(nodes.map(({ id }) => id));
  const joins = edges.filter(({ from, to }) => known.has(from) && known.has(to) && from !== to);
  const layers = ordered(inLayers(nodes, joins), joins);
  return placed(layers, joins, sizes, direction);
}

/** Longest path from the start, circles cut where they close. */
function inLayers(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): string[][] {
  const forward = withoutCircles(nodes, edges);
  const layerOf = new Map(nodes.map(({ id, type }) => [id, LEAST_LAYER[type] ?? 0]));
  const waiting = new Map(nodes.map(({ id }) => [id, 0]));
  for (const { to } of forward) waiting.set(to, waiting.get(to)! + 1);
  const out = Map.groupBy(forward, ({ from }) => from);
  const ready = nodes.map(({ id }) => id).filter((id) => waiting.get(id) === 0);
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    for (const { to } of out.get(id) ?? []) {
      layerOf.set(to, Math.max(layerOf.get(to)!, layerOf.get(id)! + 1));
      waiting.set(to, waiting.get(to)! - 1);
      if (waiting.get(to) === 0) ready.push(to);
    }
  }
  const layers: string[][] = [];
  for (const { id } of nodes) (layers[layerOf.get(id)!] ??= []).push(id);
  // A layer that nobody is in takes no room.
  return layers.filter((layer) => layer !== undefined);
}

/** The edges without those that lead back to where a walk comes from. */
function withoutCircles(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
): GraphEdge[] {
  const out = Map.groupBy(edges, ({ from }) => from);
  const state = new Map<string, "open" | "done">();
  const kept: GraphEdge[] = [];
  for (const { id: start } of nodes) {
    if (state.has(start)) continue;
    state.set(start, "open");
    // A stack of its own: a chain of a thousand services must not be a thousand calls deep.
    const walk = [{ id: start, next: 0 }];
    for (let top = walk.at(-1); top !== undefined; top = walk.at(-1)) {
      const edge = out.get(top.id)?.[top.next++];
      if (edge === undefined) {
        state.set(top.id, "done");
        walk.pop();
        continue;
      }
      const seen = state.get(edge.to);
      if (seen !== "open") kept.push(edge);
      if (seen !== undefined) continue;
      state.set(edge.to, "open");
      walk.push({ id: edge.to, next: 0 });
    }
  }
  return kept;
}

/** Each layer in the order of the middle of its neighbours, which keeps most edges from crossing. */
function ordered(layers: string[][], edges: readonly GraphEdge[]): string[][] {
  const neighbours = new Map<string, string[]>();
  for (const { from, to } of edges) {
    neighbours.set(from, [...neighbours.get(from) ?? [], to]);
    neighbours.set(to, [...neighbours.get(to) ?? [], from]);
  }
  const place = new Map<string, number>();
  const keep = (layer: readonly string[]) => {
    for (const [i, id] of layer.entries()) place.set(id, i - (layer.length - 1) / 2);
  };
  layers.forEach(keep);
  const middle = (id: string) => {
    const near = neighbours.get(id) ?? [];
    if (near.length === 0) return place.get(id)!;
    return near.reduce((sum, each) => sum + place.get(each)!, 0) / near.length;
  };
  const now = [...layers];
  for (let pass = 0; pass < ORDER_PASSES; pass++) {
    // Layer by layer: were all sorted at once, two that stand crosswise would swap for ever. The
    // first one last, so that the sources stay in the order in which they are given if they can.
    for (const i of [...now.keys().drop(1), ...now.keys().take(1)]) {
      now[i] = now[i]!.toSorted((a, b) => middle(a) - middle(b));
      keep(now[i]!);
    }
  }
  return now;
}

function placed(
  layers: readonly (readonly string[])[],
  edges: readonly GraphEdge[],
  { nodeWidth, nodeHeight, layerGap, nodeGap }: GraphSizes,
  direction: GraphDirection,
): GraphLayout {
  const isRight = direction === "right";
  const [along, across] = isRight ? [nodeWidth, nodeHeight] : [nodeHeight, nodeWidth];
  const extent = (n: number, size: number, gap: number) => n === 0 ? 0 : n * size + (n - 1) * gap;
  const breadth = extent(Math.max(0, ...layers.map(({ length }) => length)), across, nodeGap);
  const corner = new Map<string, { x: number; y: number }>();
  for (const [depth, layer] of layers.entries()) {
    const start = (breadth - extent(layer.length, across, nodeGap)) / 2;
    for (const [i, id] of layer.entries()) {
      const [a, b] = [depth * (along + layerGap), start + i * (across + nodeGap)];
      corner.set(id, isRight ? { x: a, y: b } : { x: b, y: a });
    }
  }
  const length = extent(layers.length, along, layerGap);
  return {
    width: isRight ? length : breadth,
    height: isRight ? breadth : length,
    nodes: [...corner].map(([id, at]) => ({ id, ...at })),
    edges: edges.map(({ from, to }) => {
      const [a, b] = [corner.get(from)!, corner.get(to)!];
      return { from, to, ...curve(a, b, nodeWidth, nodeHeight, isRight) };
    }),
  };
}

/** From the middle of one side to the middle of the other's opposite side. */
function curve(
  from: { x: number; y: number },
  to: { x: number; y: number },
  width: number,
  height: number,
  isRight: boolean,
) {
  const [x1, y1] = isRight
    ? [from.x + width, from.y + height / 2]
    : [from.x + width / 2, from.y + height];
  const [x2, y2] = isRight ? [to.x, to.y + height / 2] : [to.x + width / 2, to.y];
  const bend = Math.max(24, Math.abs(isRight ? x2 - x1 : y2 - y1) / 2);
  const path = isRight
    ? `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`
    : `M${x1},${y1} C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}`;
  return { path, labelX: (x1 + x2) / 2, labelY: (y1 + y2) / 2 };
}
