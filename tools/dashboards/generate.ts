/** Makes deploy/grafana/*.json from the declarations of all metrics. */
import { PRODUCT_METRICS } from "../metrics/mod.ts";
import { ROOT } from "../repository.ts";
import { DASHBOARDS } from "./dashboard_layout.ts";
import { grafanaDashboard, type MetricsByName } from "./grafana_dashboard.ts";

const COMMAND = "deno run -q --allow-read --allow-write=deploy tools/dashboards/generate.ts";

/** All declared metrics. */
export function declaredMetrics(): MetricsByName {
  return new Map(
    PRODUCT_METRICS.flatMap(({ metrics }) => Object.values(metrics)).map((
      each,
    ) => [each.name, each]),
  );
}

if (import.meta.main) {
  const metrics = declaredMetrics();
  await Deno.mkdir(`${ROOT}/deploy/grafana`, { recursive: true });
  for (const layout of DASHBOARDS) {
    const text = JSON.stringify(grafanaDashboard(layout, metrics, COMMAND), null, 2);
    await Deno.writeTextFile(`${ROOT}/deploy/grafana/${layout.name}.json`, `${text}\n`);
  }
}
