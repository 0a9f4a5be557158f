import { assert, assertEquals } from "@std/assert";
import { testService } from "./_test_snapshot.ts";
import {
  drawnServices,
  edgeKey,
  fittedLayout,
  heardOf,
  labelledEdges,
  MAX_DRAWN,
  nodeSentence,
  shownEdges,
} from "./graph_view.ts";

const source = testService({ id: "source", type: "SOURCE", events_per_second: 1 });
const sink = testService({ id: "sink", type: "CONSUMER" });
const LABELS = new Map([["sink", "the sink"]]);
const edge = { from: "source", to: "sink", event_type: "a.Ledger" };

const state = (a: Partial<typeof source>, b: Partial<typeof sink>) =>
  shownEdges({ edges: [edge] }, [{ ...source, ...a }, { ...sink, ...b }], LABELS)[0]!.state;

Deno.test("a join tells how data goes over it", () => {
  assertEquals(state({}, {}), "flowing");
  assertEquals([state({ events_per_second: 0 }, {}), state({ events_per_second: null }, {})], [
    "idle",
    "idle",
  ]);
  assertEquals([state({}, { backpressure_active: true }), state({ throttle_rate: 0.5 }, {})], [
    "held",
    "held",
  ]);
  assertEquals([state({ status: "UNHEALTHY" }, {}), state({}, { status: "STOPPING" })], [
    "broken",
    "broken",
  ]);
});

Deno.test("joins between the same two are one, and those of services not drawn are left out", () => {
  const edges = [edge, { ...edge, event_type: "b.Event" }, { ...edge, to: "other" }];
  assertEquals(shownEdges({ edges }, [source, sink], LABELS), [{
    from: "source",
    to: "sink",
    state: "flowing",
    label: "Ledger, Event",
    rate: "1.0/s",
    sentence: "source to the sink: Ledger, Event, 1.0/s (ledgers), flowing",
  }]);
});

Deno.test("a node says what it shows, and nothing of what is not known", () => {
  assertEquals(nodeSentence(sink, "sink"), "sink, consumer, healthy");
  assertEquals(
    nodeSentence(
      { ...source, load_ratio: 0.5, throttle_rate: 0.5, ledgers_behind_tip: 3 },
      "source",
    ),
    "source, source, healthy, 1.0/s ledgers, load 50 %, 50 % pace, 3 ledgers behind the tip",
  );
});

Deno.test("a service that does not work says when it was heard of, not what it did then", () => {
  const lost = { ...source, status: "UNHEALTHY", last_heartbeat_age_ms: 63_000 } as const;
  assertEquals(nodeSentence(lost, "source"), "source, source, unhealthy, heard of 1m 3s ago");
  assertEquals(heardOf(sink), "not heard of");
  const [edgeOfLost] = shownEdges({ edges: [edge] }, [lost, sink], LABELS);
  assertEquals(edgeOfLost!.rate, "–");
});

Deno.test("of many services those are drawn that something is the matter with", () => {
  const many = Array.from({ length: 1_000 }, (_, i) => testService({ id: `s${i}` }));
  many[990] = testService({ id: "down", status: "UNHEALTHY" });
  many[991] = testService({ id: "busy", load_ratio: 0.9 });
  const drawn = drawnServices(many, [{
    rule: "x",
    severity: "warning",
    state: "firing",
    labels: { service_id: "s992", service_type: "PROCESSOR" },
    advice: "",
    value: 1,
    threshold: 1,
    since: "",
    firing_since: null,
    resolved_at: null,
    summary: "",
  }]);
  assertEquals(drawn.length, MAX_DRAWN);
  const ids = drawn.map(({ id }) => id);
  assert(["down", "busy", "s992"].every((id) => ids.includes(id)));
  assertEquals(drawnServices([source]), [source]);
});

Deno.test("a drawing fills the width there is, and goes down a narrow page", () => {
  const edges = shownEdges({ edges: [edge] }, [source, sink], LABELS);
  const wide = fittedLayout([source, sink], edges, 700);
  assertEquals([wide.width, wide.height], [212 * 2 + 220, 140]);
  const phone = fittedLayout([source, sink], edges, 330);
  assertEquals([phone.width, phone.nodeWidth], [330, 330]);
  assertEquals(phone.nodes.map(({ y }) => y), [0, 186]);
  const two = fittedLayout([source, { ...source, id: "b" }], [], 342);
  assertEquals([two.width, two.nodeWidth], [342, 165]);
});

Deno.test("what a producer gives is told once, at its straightest edge", () => {
  const services = ["p1", "p2"].map((id) => testService({ id }))
    .concat(["c1", "c2"].map((id) => testService({ id, type: "CONSUMER" })));
  const all = ["p1", "p2"].flatMap((from) =>
    ["c1", "c2"].map((to) => ({ from, to, event_type: "E" }))
  );
  const edges = shownEdges({ edges: all }, services, LABELS);
  const straight = [edgeKey({ from: "p1", to: "c1" }), edgeKey({ from: "p2", to: "c2" })];
  for (const width of [1_000, 350]) {
    const labelled = labelledEdges(fittedLayout(services, edges, width), edges);
    assertEquals([...labelled], straight);
  }
  const many = Array.from({ length: 20 }, (_, i) => testService({ id: `s${i}`, type: "SOURCE" }));
  const joins = many.map(({ id }) => ({ from: id, to: "sink", event_type: "E" }));
  const shown = shownEdges({ edges: joins }, [...many, sink], LABELS);
  assertEquals(labelledEdges(fittedLayout([...many, sink], shown, 1_000), shown).size, 0);
});
