import { assertEquals } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { HISTORY_METRICS } from "../monitoring/mod.ts";
import { service, source } from "./_test_services.ts";
import { ControlPlaneMonitoring } from "./control_plane_monitoring.ts";
import { historyResponse } from "./history_response.ts";

/** Three looks, 5 s apart, at a source whose load grows. */
async function history() {
  const clock = new FakeClock();
  let load = 0;
  const services = () => [service({ ...source, metrics: { load_ratio: String(load++) } })];
  const { monitor } = new ControlPlaneMonitoring({ services }, { clock });
  for (let look = 0; look < 3; look++) {
    if (look > 0) await clock.advance(5_000);
    await monitor.look();
  }
  const ask = async (query: string): Promise<[number, Record<string, unknown>]> => {
    const response = historyResponse(monitor, new URLSearchParams(query));
    return [response.status, await response.json()];
  };
  return { ask, now: clock.now() };
}

Deno.test("without a metric the history tells what there is", async () => {
  const { ask } = await history();
  assertEquals(await ask(""), [200, {
    metrics: [...HISTORY_METRICS],
    services: ["source"],
    services_left_out: 0,
    step_ms: 5_000,
    span_ms: 3_600_000,
  }]);
});

Deno.test("a metric is told of a service or of the pipeline, of all the time or of the last seconds", async () => {
  const { ask, now } = await history();
  const points = [[now - 10_000, 0], [now - 5_000, 1], [now, 2]];
  const [, all] = await ask("metric=load_ratio");
  assertEquals(all, { metric: "load_ratio", service: null, step_ms: 5_000, points });
  const [, some] = await ask("metric=load_ratio&service=source&since=5");
  assertEquals([some.service, some.points], ["source", points.slice(1)]);
});

Deno.test("what is not known is refused with a sentence", async () => {
  const { ask } = await history();
  const answers = await Promise.all(
    ["metric=load", "metric=load_ratio&since=-1", "metric=load_ratio&service=x"].map(ask),
  );
  assertEquals(answers, [
    [400, { error: `no such metric: "load"; there are ${HISTORY_METRICS.join(", ")}` }],
    [400, { error: 'since "-1" must be a time back in seconds, for example since=600' }],
    [404, { error: 'no history of a service "x"; /api/history names those that have one' }],
  ]);
});
