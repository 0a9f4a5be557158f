import { assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "@std/yaml";
import { builtInAlertRules } from "./alert_rules.ts";
import { prometheusRules, ruleMeasure } from "./prometheus_rules.ts";

// deno-lint-ignore no-explicit-any -- any YAML.
const file = () => parse(prometheusRules(builtInAlertRules())) as any;

Deno.test("each rule is one alert of Prometheus, with the same name, time and severity", () => {
  const { rules } = builtInAlertRules();
  const alerts = file().groups[0].rules;
  assertEquals(
    alerts.map((each: Record<string, unknown>) => each.alert),
    rules.map(({ name }) => name),
  );
  assertEquals(alerts.map((each: Record<string, unknown>) => each.for), [
    "2m",
    "30s",
    "1m",
    "0s",
    "1m",
    "0s",
  ]);
  assertEquals(alerts[0].labels, { severity: "warning" });
});

Deno.test("an alert that fires goes on up to its resolve threshold", () => {
  const [load, backpressure] = file().groups[0].rules;
  assertEquals(load.expr.trim().split("\n"), [
    "max by (service_id) (flowctl_service_load_ratio) > 0.85",
    "or",
    "max by (service_id) (flowctl_service_load_ratio) > 0.75 and on (service_id) " +
    'ALERTS{alertname="FlowctlHighLoad", alertstate="firing"}',
  ]);
  assertEquals(backpressure.expr.trim(), "max by (service_id) (flowctl_backpressure_active) > 0");
});

Deno.test("a summary names service, value and threshold in the words of Prometheus", () => {
  const [load, , pool, , , commit] = file().groups[0].rules;
  assertEquals(
    load.annotations.summary,
    "{{ $labels.service_id }} is loaded to {{ $value | humanizePercentage }}, above 85% for 2m",
  );
  assertStringIncludes(pool.annotations.summary, "{{ $labels.job }}");
  assertStringIncludes(commit.annotations.summary, "{{ $value | humanizeDuration }} while");
});

Deno.test("growth is that of the least values of windows, now and a window ago, for all of its time", () => {
  const rule = builtInAlertRules().rules.find(({ growthOverMs }) => growthOverMs !== undefined)!;
  const lag = '{__name__=~"stellar_arrow_source_lag_ledgers|' +
    'ttp_arrow_processor_lag_ledgers|arrow_analytics_sink_lag_ledgers"}[2m]';
  const grows = (now: string, before: string) =>
    `max by (job, instance) ((min_over_time(${lag}${now}) - ` +
    `min_over_time(${lag}${before})) / 120)`;
  assertEquals(ruleMeasure(rule), grows("", " offset 2m"));
  const [, , , , growing] = file().groups[0].rules;
  const [begins, or, goesOn] = growing.expr.trim().split("\n");
  const and = `and on (job, instance) ${grows(" offset 2m", " offset 4m")}`;
  assertEquals(begins, `${grows("", " offset 2m")} > 0.01 ${and} > 0.01`);
  assertEquals(or, "or");
  assertStringIncludes(goesOn, `${grows("", " offset 2m")} > 0 ${and} > 0 and`);
  assertStringIncludes(growing.annotations.summary, "ledgers a second, for 5m");
});
