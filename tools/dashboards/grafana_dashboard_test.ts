import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ALERT_FIGURE_NAMES, alertFigure, type MetricDeclaration } from "../../flowctl/mod.ts";
import { DASHBOARDS, type MetricView } from "./dashboard_layout.ts";
import { declaredMetrics } from "./generate.ts";
import { grafanaDashboard } from "./grafana_dashboard.ts";
import { panelQueries } from "./panel_queries.ts";

const metrics = declaredMetrics();

/** Metrics that no dashboard needs. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  arrow_analytics_sink_tip_ledger: "the source's tip is shown",
  ttp_arrow_processor_tip_ledger: "the source's tip is shown",
  flowctl_active_pipeline_runs: "runs come and go with runners, not with data",
  flowctl_alerts_not_tracked: "an alert fires long before",
  flowctl_last_heartbeat_age_seconds: "the control plane's heartbeats missed are shown",
  flowctl_registered: "the heartbeats are shown",
  flowctl_registrations_total: "the heartbeats are shown",
  flowctl_service_discoveries_total: "their time is shown",
  flowctl_services_not_shown: "it is about /metrics alone",
  obsrvr_component_info: "it is always 1",
  process_external_memory_bytes: "the resident memory is shown",
  process_heap_bytes: "the resident memory is shown",
  process_start_time_seconds: "it is a moment",
};

Deno.test("each declared metric is on a dashboard, or said not to be", () => {
  const views = DASHBOARDS.flatMap(({ rows }) => rows)
    .flatMap(({ panels }) => panels).flatMap(({ views }) => views);
  const shown = new Set(views.map(({ metric }) => metric));
  const left = [...metrics.keys()].filter((name) => !shown.has(name));
  assertEquals(left.sort(), Object.keys(NOT_SHOWN).sort());
});

Deno.test("panels stand within 24 columns and do not overlap, and their ids are their own", () => {
  for (const layout of DASHBOARDS) {
    const { panels } = grafanaDashboard(layout, metrics, "deno run make.ts");
    const taken = new Set<string>();
    const ids = new Set<number>();
    for (const { id, gridPos: { x, y, w, h } } of panels as { id: number; gridPos: Place }[]) {
      ids.add(id);
      assertEquals(x + w <= 24, true);
      for (let cell = 0; cell < w * h; cell++) {
        const key = `${x + cell % w} ${y + Math.floor(cell / w)}`;
        assertEquals(taken.has(key), false, `${layout.name}: ${key}`);
        taken.add(key);
      }
    }
    assertEquals(ids.size, panels.length);
  }
});

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

Deno.test("labels of views are those of the metric", () => {
  for (const { rows } of DASHBOARDS) {
    for (
      const { metric, by = [], where = {} } of rows.flatMap(({ panels }) => panels).flatMap((
        { views },
      ) => views)
    ) {
      const labels = Object.keys(metrics.get(metric)?.labels ?? {});
      const wrong = [...by, ...Object.keys(where)].filter((label) => !labels.includes(label));
      assertEquals(wrong, [], metric);
    }
  }
});

Deno.test("what rules look at is declared", () => {
  const names = ALERT_FIGURE_NAMES.flatMap((name) => {
    const { metrics: own, dividedBy } = alertFigure(name).prometheus;
    return [...own, ...(dividedBy === undefined ? [] : [dividedBy])];
  });
  assertEquals(names.filter((name) => !metrics.has(name)), []);
});

Deno.test("a layout that names a metric that is not declared is refused", () => {
  const view = { metric: "no_such_metric" };
  const panel = { title: "P", kind: "stat", views: [view], width: 4 } as const;
  const layout = {
    name: "a",
    title: "A",
    description: "",
    rows: [{ title: "R", panels: [panel] }],
  };
  const error = assertThrows(() => grafanaDashboard(layout, metrics, "deno run make.ts"));
  assertStringIncludes(String(error), '"no_such_metric" in "P" is not declared');
});

function expressions(metric: Partial<MetricDeclaration>, view: Partial<MetricView> = {}): string[] {
  const declared = { name: "m", type: "gauge", unit: "1", help: "", worry: "", ...metric } as const;
  return panelQueries(declared, { metric: "m", ...view }).map(({ expr }) => expr);
}

Deno.test("a gauge of a service counts once, whoever shows it", () => {
  const labels = { service_id: { atMost: 9, of: "id" }, service_type: ["SOURCE"] };
  assertEquals(expressions({ labels }), ['max by (service_id) (m{service_id=~"$service"})']);
});

Deno.test("a gauge that counts by labels is the sum over those that are left out", () => {
  const labels = { state: ["a", "b"], rule: ["x"] };
  assertEquals(expressions({ labels }, { by: ["rule"], where: { state: "a" } }), [
    'max by (job, rule) (m{job=~"$job", state="a"})',
  ]);
  assertEquals(expressions({ labels }, { where: { state: "a" } }), [
    'sum by (job) (m{job=~"$job", state="a"})',
  ]);
});

Deno.test("of a counter the rate is drawn, of a histogram two quantiles", () => {
  assertEquals(expressions({ type: "counter" }), [
    'sum by (job) (rate(m{job=~"$job"}[$__rate_interval]))',
  ]);
  assertEquals(
    expressions({ type: "counter", labels: { pipeline: ["a"] } }, {
      by: ["pipeline"],
      isShared: true,
    }),
    [
      'max by (pipeline) (rate(m{job=~"$job"}[$__rate_interval]))',
    ],
  );
  assertEquals(
    expressions({ type: "histogram" })[1],
    'histogram_quantile(0.99, sum by (le, job) (rate(m_bucket{job=~"$job"}[$__rate_interval])))',
  );
});

Deno.test("the line at which an alert begins is drawn", () => {
  const flow = DASHBOARDS.find(({ name }) => name === "flow_control")!;
  const { panels } = grafanaDashboard(flow, metrics, "deno run make.ts");
  const load = (panels as { title: string }[]).find(({ title }) => title === "Load");
  assertStringIncludes(JSON.stringify(load), '{"color":"red","value":0.85}');
});
