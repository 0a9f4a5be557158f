import { assert, assertEquals } from "@std/assert";
import { type GraphEdge, graphLayout, type GraphNode } from "./graph_layout.ts";

const SIZES = { nodeWidth: 100, nodeHeight: 50, layerGap: 60, nodeGap: 10 };

const node = (id: string, type = "PROCESSOR"): GraphNode => ({ id, type });
const edge = (from: string, to: string): GraphEdge => ({ from, to });

function corners(nodes: GraphNode[], edges: GraphEdge[], direction: "right" | "down" = "right") {
  const layout = graphLayout(nodes, edges, SIZES, direction);
  return Object.fromEntries(layout.nodes.map(({ id, x, y }) => [id, [x, y]]));
}

const PIPELINE = [node("sink", "CONSUMER"), node("source", "SOURCE"), node("processor")];
const JOINS = [edge("processor", "sink"), edge("source", "processor")];

Deno.test("sources stand before processors and processors before consumers", () => {
  assertEquals(corners(PIPELINE, JOINS), { source: [0, 0], processor: [160, 0], sink: [320, 0] });
  const { width, height, edges } = graphLayout(PIPELINE, JOINS, SIZES);
  assertEquals([width, height], [420, 50]);
  assertEquals(edges[0], {
    from: "processor",
    to: "sink",
    path: "M260,25 C290,25 290,25 320,25",
    labelX: 290,
    labelY: 25,
  });
});

Deno.test("on a narrow page the layers stand below each other", () => {
  assertEquals(corners(PIPELINE, JOINS, "down"), {
    source: [0, 0],
    processor: [0, 110],
    sink: [0, 220],
  });
});

Deno.test("services that nobody joins stand where their type does", () => {
  assertEquals(corners(PIPELINE, []), corners(PIPELINE, JOINS));
});

Deno.test("a layer that nobody is in takes no room", () => {
  assertEquals(corners([node("sink", "CONSUMER")], []), { sink: [0, 0] });
});

Deno.test("a processor of a processor stands one layer further", () => {
  const nodes = [node("a"), node("b"), node("c", "CONSUMER")];
  const at = corners(nodes, [edge("a", "b"), edge("b", "c"), edge("a", "c")]);
  assertEquals([at.a![0], at.b![0], at.c![0]], [0, 160, 320]);
});

Deno.test("circles, loops and edges of unknown services do no harm", () => {
  const nodes = [node("a"), node("b"), node("c")];
  const edges = [edge("a", "b"), edge("b", "c"), edge("c", "a"), edge("a", "a"), edge("a", "x")];
  const layout = graphLayout(nodes, edges, SIZES);
  assertEquals(layout.nodes.length, 3);
  assertEquals(layout.edges.map(({ from, to }) => from + to), ["ab", "bc", "ca"]);
});

Deno.test("neighbours are brought together, so that two parallel pipelines do not cross", () => {
  const nodes = [node("s1", "SOURCE"), node("s2", "SOURCE"), node("p2"), node("p1")];
  const at = corners(nodes, [edge("s1", "p1"), edge("s2", "p2")]);
  assertEquals([at.s1![1]! < at.s2![1]!, at.p1![1]! < at.p2![1]!], [true, true]);
});

Deno.test("no node covers another, in a drawing of many and in a long chain", () => {
  const nodes = Array.from({ length: 1_000 }, (_, i) => node(`n${i}`));
  const chain = nodes.slice(1, 500).map(({ id }, i) => edge(`n${i}`, id));
  const layout = graphLayout(nodes, chain, SIZES);
  const places = new Set(layout.nodes.map(({ x, y }) => `${x} ${y}`));
  assertEquals(places.size, 1_000);
  assert(layout.nodes.every(({ x, y }) => x >= 0 && y >= 0));
});

Deno.test("nothing gives an empty drawing", () => {
  assertEquals(graphLayout([], [], SIZES), { width: 0, height: 0, nodes: [], edges: [] });
});
