import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { DirectComponent } from "./direct_component.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

Deno.test("the three components, started directly with the permission sets of their tasks, pass ledgers on and stop with 0", async () => {
  // The sets allow the default folders only, so the test has folders of its own below them.
  const name = `test-${crypto.randomUUID()}`;
  const storage = join("data/ledgers", name);
  const output = join("data/out", name);
  await Deno.mkdir(join(ROOT, storage), { recursive: true });
  await Deno.mkdir(join(ROOT, output), { recursive: true });
  try {
    await using source = new DirectComponent("source", {
      SOURCE_TYPE: "simulated",
      STORAGE_PATH: `./${storage}`,
    });
    const sourcePort = (await source.ready()).ports.flight;
    await using processor = new DirectComponent("processor", {
      SOURCE_ENDPOINT: `127.0.0.1:${sourcePort}`,
    });
    const processorPort = (await processor.ready()).ports.flight;
    await using sink = new DirectComponent("sink", {
      PROCESSOR_ENDPOINT: `127.0.0.1:${processorPort}`,
      OUTPUT_PATH: `./${output}`,
      FLUSH_INTERVAL: "1s",
    });
    const { details } = await sink.healthIs(({ details }) => Number(details.cursor) > 100);
    assert(Number(details.events_total) > 0);

    for (const component of [source, processor, sink]) {
      const health = await component.healthIs(({ status }) => status === "healthy");
      assertMatch(
        health.component,
        /^(stellar-arrow-source|ttp-arrow-processor|arrow-analytics-sink)$/,
      );
      assertMatch(await component.metrics(), /^# TYPE \w+ (counter|gauge|histogram)$/m);
    }
    for (const component of [sink, processor, source]) assertEquals(await component.terminate(), 0);
  } finally {
    await Deno.remove(join(ROOT, storage), { recursive: true });
    await Deno.remove(join(ROOT, output), { recursive: true });
  }
});
