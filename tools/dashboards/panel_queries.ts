import type { MetricDeclaration } from "../../flowctl/mod.ts";
import type { MetricView } from "./dashboard_layout.ts";

/** One line, or one line for each service, of a panel. */
export interface PanelQuery {
  readonly expr: string;
  readonly legend: string;
}

/** Quantiles drawn of a histogram. */
const QUANTILES = [0.5, 0.99] as const;

/** Time that a rate is taken over: Grafana makes it at least four scrapes. */
const RATE_SPAN = "$__rate_interval";

/** What is drawn of a metric: a counter's rate, a histogram's quantiles, a gauge as it is. */
export function panelQueries(metric: MetricDeclaration, view: MetricView): PanelQuery[] {
  const { name, type } = metric;
  const { where, isShared = false } = view;
  const identity = metric.labels !== undefined && "service_id" in metric.labels
    ? "service_id"
    : "job";
  const by = [...isShared ? [] : [identity], ...view.by ?? []];
  const own = legendOf(view, by);
  const selector = selectorOf(identity, where);
  if (type === "histogram") {
    return QUANTILES.map((quantile) => ({
      expr: `histogram_quantile(${quantile}, sum by (${["le", ...by].join(", ")}) ` +
        `(rate(${name}_bucket${selector}[${RATE_SPAN}])))`,
      legend: `${own}, p${quantile * 100}`,
    }));
  }
  // A component and the control plane may both show a service: that is one service.
  const isTwice = identity === "service_id" || isShared;
  if (type === "counter") {
    const merge = isTwice ? "max" : "sum";
    return [{
      expr: `${merge} by (${by.join(", ")}) (rate(${name}${selector}[${RATE_SPAN}]))`,
      legend: own,
    }];
  }
  const isPart = !isTwice && isCounted(metric, view);
  return [{
    expr: `${isPart ? "sum" : "max"} by (${by.join(", ")}) (${name}${selector})`,
    legend: own,
  }];
}

/** A gauge that counts by labels which the panel leaves out is their sum. */
function isCounted(
  { labels = {} }: MetricDeclaration,
  { by = [], where = {} }: MetricView,
): boolean {
  return Object.keys(labels).some((label) => !by.includes(label) && !(label in where));
}

function selectorOf(identity: string, where: MetricView["where"] = {}): string {
  const variable = identity === "service_id" ? `service_id=~"$service"` : `job=~"$job"`;
  const fixed = Object.entries(where).map(([label, value]) => `${label}="${value}"`);
  return `{${[variable, ...fixed].join(", ")}}`;
}

function legendOf({ legend }: MetricView, by: readonly string[]): string {
  const labels = by.map((label) => `{{${label}}}`).join(" ");
  return legend === undefined ? labels : `${labels} ${legend}`;
}
