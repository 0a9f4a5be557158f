import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { builtInProfiles, PRODUCT_COMPONENTS } from "../../flowctl/mod.ts";
import { type ComponentTask, DirectComponent, taskArguments } from "./direct_component.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Runs the three components without a manager until ledgers have reached the sink's tables. */
async function passLedgersOn(
  folder: string,
  args: (task: ComponentTask) => readonly string[],
): Promise<void> {
  await using source = new DirectComponent(args("source"), {
    SOURCE_TYPE: "simulated",
    STORAGE_PATH: join(folder, "ledgers"),
  });
  const sourcePort = (await source.ready()).ports.flight;
  await using processor = new DirectComponent(args("processor"), {
    SOURCE_ENDPOINT: `127.0.0.1:${sourcePort}`,
  });
  const processorPort = (await processor.ready()).ports.flight;
  await using sink = new DirectComponent(args("sink"), {
    PROCESSOR_ENDPOINT: `127.0.0.1:${processorPort}`,
    OUTPUT_PATH: join(folder, "out"),
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
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the components, started by their tasks, pass ledgers on through folders of the user's and stop with 0", async () => {
  await inFolder((folder) => passLedgersOn(folder, taskArguments));
});

for (const profile of builtInProfiles()) {
  Deno.test(`the components do the same directly under the profile ${profile}, with its permission sets`, async () => {
    await inFolder((folder) =>
      passLedgersOn(folder, (task) => {
        const args = taskArguments(`${task}:${profile}`);
        if (task === "processor") return args;
        // The sets allow the default folders; this test has its own.
        const set = args.indexOf(`-P=${task}-${profile}`);
        const folders = [`--allow-read=${folder}`, `--allow-write=${folder}`];
        return args.toSpliced(set + 1, 0, ...folders);
      })
    );
  });
}

Deno.test("the components do the same as bundles of one file each with their permission sets, threads and WebAssembly included", async () => {
  await inFolder(async (folder) => {
    const bundle = (task: string) => join(folder, `${task}.js`);
    for (const { name, short } of PRODUCT_COMPONENTS) {
      const main = `components/${name}/main.ts`;
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["bundle", "-q", "--platform=deno", "-o", bundle(short), main],
        cwd: ROOT,
      }).output();
      assertEquals(code, 0, new TextDecoder().decode(stderr));
    }
    await passLedgersOn(folder, (task) => [
      "run",
      "-q",
      "--no-prompt",
      `-P=${task}-local`,
      // The sets allow the default folders; this test has its own. A thread of the processor is the
      // bundle again, and loading it needs to read it.
      `--allow-read=${folder}`,
      `--allow-write=${folder}`,
      "--config",
      join(ROOT, "deno.json"),
      bundle(task),
    ]);
  });
});
