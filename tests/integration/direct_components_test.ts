import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { type ComponentTask, DirectComponent, taskArguments } from "./direct_component.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Runs the three components without a manager until ledgers have reached the sink's tables. */
async function passLedgersOn(args: (task: ComponentTask) => readonly string[]): Promise<void> {
  // The permission sets allow the default folders only, so the test has its own below them.
  const name = `test-${crypto.randomUUID()}`;
  const storage = join("data/ledgers", name);
  const output = join("data/out", name);
  await Deno.mkdir(join(ROOT, storage), { recursive: true });
  await Deno.mkdir(join(ROOT, output), { recursive: true });
  try {
    await using source = new DirectComponent(args("source"), {
      SOURCE_TYPE: "simulated",
      STORAGE_PATH: `./${storage}`,
    });
    const sourcePort = (await source.ready()).ports.flight;
    await using processor = new DirectComponent(args("processor"), {
      SOURCE_ENDPOINT: `127.0.0.1:${sourcePort}`,
    });
    const processorPort = (await processor.ready()).ports.flight;
    await using sink = new DirectComponent(args("sink"), {
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
}

Deno.test("the components, started directly with the permission sets of their tasks, pass ledgers on and stop with 0", async () => {
  await passLedgersOn(taskArguments);
});

Deno.test("the components do the same as bundles of one file each, threads and WebAssembly included", async () => {
  const folder = await Deno.makeTempDir();
  const bundle = (task: ComponentTask) => join(folder, `${task}.js`);
  for (const task of ["source", "processor", "sink"] as const) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "-q", "--platform=deno", "-o", bundle(task), taskArguments(task).at(-1)!],
      cwd: ROOT,
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  }
  await passLedgersOn((task) => [
    ...taskArguments(task).slice(0, -1),
    // A thread of the processor is the bundle again, and loading it needs to read it.
    ...(task === "processor" ? [`--allow-read=${bundle(task)}`] : []),
    "--config",
    join(ROOT, "deno.json"),
    bundle(task),
  ]);
  await Deno.remove(folder, { recursive: true });
});
