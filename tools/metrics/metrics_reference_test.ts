import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { metricsReference } from "./metrics_reference.ts";
import { PRODUCT_METRICS } from "./product_metrics.ts";

const all = PRODUCT_METRICS.flatMap(({ metrics }) => Object.values(metrics));

Deno.test("the guide has a line for each metric, with its labels, what it says and when to worry", () => {
  const guide = metricsReference(PRODUCT_METRICS);
  for (const { name, help, worry } of all) {
    const line = guide.split("\n").find((each) => each.startsWith(`| \`${name}\` |`));
    assert(line?.includes(help) && line.includes(worry), name);
  }
  assertStringIncludes(guide, "`service_id`: id of a service, at most 1000");
});

Deno.test("names are used once, and counters and units are in the form of Prometheus", () => {
  assertEquals(new Set(all.map(({ name }) => name)).size, all.length);
  for (const { name, type, unit, buckets } of all) {
    assert(/^[a-z][a-z0-9_]*$/.test(name), name);
    assertEquals(name.endsWith("_total"), type === "counter", name);
    assertEquals(type === "histogram", buckets !== undefined, name);
    if (unit === "seconds" || unit === "bytes") {
      assert(new RegExp(`_${unit}(_total)?$`).test(name), name);
    }
    assert(!/milliseconds|_ms_|_ms$|kilobytes|_mb$/.test(name), name);
  }
});

Deno.test("what is said of each metric are sentences", () => {
  for (const { name, help, worry } of all) {
    for (const text of [help, worry]) assert(/^[A-Z0-9].*\.$/.test(text), `${name}: ${text}`);
  }
});
