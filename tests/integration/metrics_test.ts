/** `/metrics` of all four programs, as Prometheus reads them. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Scrape } from "../../flowctl/component/testing/mod.ts";
import { CONTROL_PLANE_METRICS } from "../../flowctl/mod.ts";
import { PRODUCT_METRICS } from "../../tools/metrics/mod.ts";
import { DirectComponent, taskArguments } from "./direct_component.ts";

/** What `promtool check metrics` says; undefined where there is no promtool. */
async function promtool(text: string): Promise<string | undefined> {
  try {
    const child = new Deno.Command("promtool", {
      args: ["check", "metrics"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await ReadableStream.from([new TextEncoder().encode(text)]).pipeTo(child.stdin);
    const { code, stdout, stderr } = await child.output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    return code === 0 ? said : `exit code ${code}: ${said}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Declared names of one program; a sink that names its processor discovers nobody. */
function declaredOf(program: string): string[] {
  return PRODUCT_METRICS
    .filter(({ programs, title }) =>
      title !== "Discovery" && (programs as readonly string[]).includes(program)
    )
    .flatMap(({ metrics }) => Object.values(metrics).map(({ name }) => name))
    .toSorted();
}

Deno.test("all four programs show what is declared and nothing else, and promtool has nothing to say", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using flowctl = new DirectComponent([
      ...taskArguments("flowctl"),
      ...["--port", "0", "--health-port", "0", "--state-path", ":memory:"],
    ], { MONITORING_INTERVAL: "1s" });
    const common = {
      ENABLE_FLOWCTL: "true",
      FLOWCTL_ENDPOINT: `127.0.0.1:${(await flowctl.ready()).ports.grpc}`,
      FLOWCTL_HEARTBEAT_INTERVAL: "1s",
      MONITORING_INTERVAL: "1s",
    };
    await using source = new DirectComponent(taskArguments("source"), {
      ...common,
      STELLAR_ARROW_SOURCE_FLOWCTL_COMPONENT_ID: "source-1",
      SOURCE_TYPE: "simulated",
      STORAGE_PATH: join(folder, "ledgers"),
    });
    await using processor = new DirectComponent(taskArguments("processor"), {
      ...common,
      TTP_ARROW_PROCESSOR_FLOWCTL_COMPONENT_ID: "processor-1",
      SOURCE_ENDPOINT: `127.0.0.1:${(await source.ready()).ports.flight}`,
    });
    await using sink = new DirectComponent(taskArguments("sink"), {
      ...common,
      ARROW_ANALYTICS_SINK_FLOWCTL_COMPONENT_ID: "sink-1",
      PROCESSOR_ENDPOINT: `127.0.0.1:${(await processor.ready()).ports.flight}`,
      OUTPUT_PATH: join(folder, "out"),
      FLUSH_INTERVAL: "1s",
    });
    await sink.healthIs(({ details }) => Number(details.ledgers_total) > 0);
    // The control plane counts from the first heartbeat that tells of events.
    const throughput = 'flowctl_pipeline_throughput_total{pipeline="default"}';
    await flowctl.until(
      "counts no events of the sink",
      async () => new Scrape(await flowctl.metrics()).value(throughput)! > 0,
    );
    const programs = {
      "stellar-arrow-source": source,
      "ttp-arrow-processor": processor,
      "arrow-analytics-sink": sink,
      "flowctl-control-plane": flowctl,
    };
    for (const [name, program] of Object.entries(programs)) {
      const text = await program.metrics();
      const scrape = new Scrape(text);
      assertEquals(scrape.names.toSorted(), declaredOf(name), name);
      const said = await promtool(text);
      if (said === undefined) console.log("skipped: no promtool on the PATH");
      else assertEquals(said, "", name);
      // Each knows the load and the throughput of the sink, or of itself, by the same id.
      if (name === "flowctl-control-plane") continue;
      const id = `${program === source ? "source" : program === sink ? "sink" : "processor"}-1`;
      const own = Object.keys(scrape.seriesOf("flowctl_service_throughput"));
      assertEquals(own.map((labels) => labels.includes(`service_id="${id}"`)), [true], name);
    }
    const registered = new Scrape(await flowctl.metrics());
    const ids = Object.keys(registered.seriesOf("flowctl_service_throughput")).length;
    assertEquals(ids, 3);
    assertEquals(registered.value(CONTROL_PLANE_METRICS.notShown.name), 0);
    // What the processor keeps to the source, and the sink to the processor.
    assertEquals(Object.keys(registered.seriesOf("flowctl_pool_total_connections")).length, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
