import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { HealthFlow } from "../../flowctl/mod.ts";
import { readRows } from "../e2e/delta_table.ts";
import { kill } from "../e2e/patience.ts";
import { holdBack, makeSimulatedLake } from "../e2e/simulated_lake.ts";
import {
  type ComponentTask,
  DirectComponent,
  taskArguments,
} from "../integration/direct_component.ts";
import { SlowConsumer } from "./slow_consumer.ts";

const FIRST = 2;
/** What a component may take, whoever reads and however slowly. */
const MOST_MEMORY = 512 * 1024 * 1024;

/** A component as its direct task starts it, allowed to read and write a folder of the test. */
function start(
  task: ComponentTask,
  folder: string,
  env: Record<string, string>,
): DirectComponent {
  const args = taskArguments(`${task}:local`);
  const set = args.indexOf(`-P=${task}-local`);
  const folders = [`--allow-read=${folder},components,stellar,arrow`, `--allow-write=${folder}`];
  return new DirectComponent(args.toSpliced(set + 1, 0, ...folders), env);
}

async function endpointOf(component: DirectComponent): Promise<string> {
  return `127.0.0.1:${(await component.ready()).ports.flight}`;
}

async function flowOf(component: DirectComponent): Promise<HealthFlow> {
  const { flow } = await component.healthIs(() => true) as unknown as { flow: HealthFlow };
  return flow;
}

async function rssOf(component: DirectComponent): Promise<number> {
  const { rss_bytes } = await component.healthIs(() => true) as unknown as { rss_bytes: number };
  return rss_bytes;
}

function untilFlow(
  component: DirectComponent,
  what: string,
  holds: (flow: HealthFlow) => boolean,
): Promise<void> {
  return component.until(what, async () => holds(await flowOf(component)));
}

/** A lake, a source of it, and processors of the source. */
class Upstream implements AsyncDisposable {
  private constructor(
    readonly folder: string,
    readonly source: DirectComponent,
    readonly processors: readonly DirectComponent[],
    /** Lets ledgers of the lake appear that were held back. */
    readonly release: (last: number) => Promise<void>,
  ) {}

  static async start(options: {
    ledgers: number;
    processors?: number;
    heldBackFrom?: number;
    env?: Record<string, string>;
  }): Promise<Upstream> {
    const { ledgers, processors = 1, heldBackFrom = Infinity, env = {} } = options;
    const folder = await Deno.makeTempDir();
    const lake = join(folder, "lake");
    await makeSimulatedLake(lake, { ledgers, seed: 5 });
    const release = await holdBack(lake, join(folder, "aside"), heldBackFrom);
    const source = start("source", folder, {
      SOURCE_TYPE: "filesystem",
      STORAGE_PATH: lake,
      BATCH_SIZE: "10",
      ...env,
    });
    const SOURCE_ENDPOINT = await endpointOf(source);
    const started = Array.from(
      { length: processors },
      () => start("processor", folder, { SOURCE_ENDPOINT, BATCH_SIZE: "10", ...env }),
    );
    for (const processor of started) await processor.ready();
    return new Upstream(folder, source, started, release);
  }

  /** A consumer of one of the processors. */
  async consumer(
    name: string,
    options: { endLedger: number; msPerLedger: number; processor?: number; startLedger?: number },
  ): Promise<SlowConsumer> {
    const { processor = 0, startLedger = FIRST, ...others } = options;
    const endpoint = await endpointOf(this.processors[processor]!);
    return new SlowConsumer({ endpoint, name, startLedger, maxInflight: 50, ...others });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const processor of this.processors) await processor[Symbol.asyncDispose]();
    await this.source[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

function ledgersFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

Deno.test("a slow consumer slows the source down, which speeds up again with it, and no ledger is doubled or missing", async () => {
  const last = FIRST + 999;
  await using upstream = await Upstream.start({ ledgers: 1_000 });
  const { source, processors: [processor] } = upstream;
  await using consumer = await upstream.consumer("slow", { endLedger: last, msPerLedger: 20 });
  await untilFlow(source, "is not paced", (flow) => flow.ledgers_per_second_limit !== null);
  const shown = await flowOf(source);
  assertEquals(shown.consumers.length, 1);
  assertEquals(shown.reason, shown.backpressure_active ? "slow_consumer" : shown.reason);
  // Its pace is the consumer's: 50 ledgers a second, never the many times more that there could be.
  assert(shown.ledgers_per_second_limit! < 100, `${shown.ledgers_per_second_limit}`);
  assertEquals((await flowOf(processor!)).consumers.map(({ consumer }) => consumer), ["slow"]);
  consumer.options.msPerLedger = 0;
  await consumer.finished;
  assertEquals(consumer.ledgers, ledgersFrom(FIRST, last));
  assert(consumer.mostWaiting <= 50, `${consumer.mostWaiting}`);
  await untilFlow(
    source,
    "is still paced",
    (flow) => flow.ledgers_per_second_limit === null && !flow.backpressure_active,
  );
});

Deno.test("a burst of ten times what a consumer can take at once is taken in order, within its limit", async () => {
  const before = FIRST + 39, last = before + 500;
  await using upstream = await Upstream.start({ ledgers: 540, heldBackFrom: before + 1 });
  await using consumer = await upstream.consumer("steady", { endLedger: last, msPerLedger: 2 });
  await upstream.source.until(
    "has not sent what there is",
    () => Promise.resolve(consumer.ledgers.length === 40),
  );
  await upstream.release(last);
  await consumer.finished;
  assertEquals(consumer.ledgers, ledgersFrom(FIRST, last));
  assert(consumer.mostWaiting <= 50, `${consumer.mostWaiting}`);
});

Deno.test("two processors of one source go at the pace of the slowest consumer, unless they are independent", async () => {
  for (const policy of ["slowest", "independent"]) {
    const last = FIRST + 799;
    await using upstream = await Upstream.start({
      ledgers: 800,
      processors: 2,
      env: { FLOW_CONTROL_POLICY: policy },
    });
    const { source } = upstream;
    await using slow = await upstream.consumer("slow", { endLedger: last, msPerLedger: 25 });
    if (policy === "slowest") {
      await untilFlow(source, "is not paced", (flow) => flow.ledgers_per_second_limit !== null);
    } else {
      await slow.options;
    }
    await using fast = await upstream.consumer("fast", {
      endLedger: last,
      msPerLedger: 0,
      processor: 1,
    });
    if (policy === "slowest") {
      // Both are sent less than forty a second: the fast one cannot be far ahead.
      await source.until(
        "has not sent the fast one half",
        () => Promise.resolve(fast.ledgers.length >= 200),
      );
      assert(slow.ledgers.length >= 100, `${slow.ledgers.length} beside ${fast.ledgers.length}`);
    } else {
      await fast.finished;
      assert(slow.ledgers.length < 400, `${slow.ledgers.length}`);
    }
    slow.options.msPerLedger = 0;
    await Promise.all([slow.finished, fast.finished]);
    for (const { ledgers } of [slow, fast]) assertEquals(ledgers, ledgersFrom(FIRST, last));
  }
});

/** Time for which a stopped sink is watched, as the page has it; longer in the long form. */
const STOPPED_MS = Deno.env.get("LONG_TESTS") === "true" ? 60_000 : 5_000;

Deno.test("a sink that is stopped costs the others nothing, and goes on by itself", async () => {
  const last = FIRST + 1_499;
  await using upstream = await Upstream.start({ ledgers: 1_500 });
  const { source, processors: [processor], folder } = upstream;
  const sink = start("sink", folder, {
    PROCESSOR_ENDPOINT: await endpointOf(processor!),
    OUTPUT_PATH: join(folder, "out"),
    PARQUET_BATCH_SIZE: "500",
    END_LEDGER: String(last),
  });
  await using _sink = sink;
  await sink.until("has taken nothing", async () => (await flowOf(source)).consumers.length > 0);
  kill(sink.pid, "SIGSTOP");
  try {
    await untilFlow(processor!, "shows no stopped reader", (flow) => flow.backpressure_active);
    await untilFlow(source, "shows no backpressure", (flow) => flow.backpressure_active);
    const before = await Promise.all([rssOf(source), rssOf(processor!)]);
    // What is shown is what does not happen in this time; there is nothing to wait for.
    await new Promise((resolve) => setTimeout(resolve, STOPPED_MS));
    const after = await Promise.all([rssOf(source), rssOf(processor!)]);
    for (const [i, rss] of after.entries()) {
      assert(rss < MOST_MEMORY, `${rss}`);
      assert(rss - before[i]! < 32 * 1024 * 1024, `${before[i]} ${rss}`);
    }
  } finally {
    kill(sink.pid, "SIGCONT");
  }
  assertEquals(await sink.ended(), 0, sink.said);
  const ledgers = await readRows(join(folder, "out/ledger"));
  const sequences = ledgers.map((row) => Number(row.sequence)).sort((a, b) => a - b);
  assertEquals(sequences, ledgersFrom(FIRST, last));
  const events = await readRows(join(folder, "out/ttp_event"));
  assertEquals(new Set(events.map((row) => row.event_id)).size, events.length);
  assertEquals(events.length, ledgers.reduce((sum, row) => sum + Number(row.event_count), 0));
});

Deno.test("a sink that runs a tenth of the time holds source and processor back, and loses nothing", async () => {
  const last = FIRST + 599;
  await using upstream = await Upstream.start({ ledgers: 600 });
  const { source, processors: [processor], folder } = upstream;
  const sink = start("sink", folder, {
    PROCESSOR_ENDPOINT: await endpointOf(processor!),
    OUTPUT_PATH: join(folder, "out"),
    PARQUET_BATCH_SIZE: "500",
    END_LEDGER: String(last),
    MAX_INFLIGHT: "40",
  });
  await using _sink = sink;
  await sink.ready();
  const ended = sink.ended();
  let isOver = false;
  ended.then(() => isOver = true, () => isOver = true);
  let running = true;
  const slowing = setInterval(() => {
    running = !running;
    kill(sink.pid, running ? "SIGCONT" : "SIGSTOP");
    if (running) setTimeout(() => !isOver && running && kill(sink.pid, "SIGSTOP"), 10);
  }, 50);
  try {
    await untilFlow(source, "shows no backpressure", (flow) => flow.backpressure_active);
  } finally {
    clearInterval(slowing);
    running = true;
    kill(sink.pid, "SIGCONT");
  }
  assertEquals(await ended, 0, sink.said);
  const ledgers = await readRows(join(folder, "out/ledger"));
  const sequences = ledgers.map((row) => Number(row.sequence)).sort((a, b) => a - b);
  assertEquals(sequences, ledgersFrom(FIRST, last));
});
