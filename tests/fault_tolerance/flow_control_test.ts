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
const LEDGERS = 400;
const LAST = FIRST + LEDGERS - 1;
/** Ledgers of 226 KB: many times what connections and buffers between two processes hold. */
const TRANSACTIONS = 60;
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
  const read = [folder, env.STORAGE_PATH ?? folder, "components", "stellar", "arrow"];
  const folders = [`--allow-read=${read.join(",")}`, `--allow-write=${folder}`];
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

/** A source of the lake, and processors of the source. */
class Upstream implements AsyncDisposable {
  private constructor(
    readonly folder: string,
    readonly source: DirectComponent,
    readonly processors: readonly DirectComponent[],
  ) {}

  static async start(processors = 1, env: Record<string, string> = {}): Promise<Upstream> {
    const folder = await Deno.makeTempDir();
    const source = start("source", folder, {
      SOURCE_TYPE: "filesystem",
      STORAGE_PATH: await lake(),
      BATCH_SIZE: "10",
      COMPRESSION: "none",
      ...env,
    });
    const SOURCE_ENDPOINT = await endpointOf(source);
    const started = Array.from(
      { length: processors },
      () => start("processor", folder, { SOURCE_ENDPOINT, BATCH_SIZE: "10", ...env }),
    );
    for (const processor of started) await processor.ready();
    return new Upstream(folder, source, started);
  }

  /** A consumer of one of the processors. */
  async consumer(name: string, msPerLedger: number, processor = 0): Promise<SlowConsumer> {
    return new SlowConsumer({
      endpoint: await endpointOf(this.processors[processor]!),
      name,
      startLedger: FIRST,
      endLedger: LAST,
      maxInflight: 50,
      msPerLedger,
    });
  }

  /** A sink of the first processor that reads over one connection, which so holds less by itself. */
  async sink(env: Record<string, string> = {}): Promise<DirectComponent> {
    return start("sink", this.folder, {
      PROCESSOR_ENDPOINT: await endpointOf(this.processors[0]!),
      OUTPUT_PATH: join(this.folder, "out"),
      PARQUET_BATCH_SIZE: "5000",
      END_LEDGER: String(LAST),
      CONNECTION_POOL_MIN_CONNECTIONS: "1",
      CONNECTION_POOL_MAX_CONNECTIONS: "1",
      ...env,
    });
  }

  /** Fails unless the sink has stored each ledger and each event once. */
  async assertStored(): Promise<void> {
    const ledgers = await readRows(join(this.folder, "out/ledger"));
    const sequences = ledgers.map((row) => Number(row.sequence)).sort((a, b) => a - b);
    assertEquals(sequences, ledgersFrom(FIRST, LAST));
    const events = await readRows(join(this.folder, "out/ttp_event"));
    assertEquals(new Set(events.map((row) => row.event_id)).size, events.length);
    assertEquals(events.length, ledgers.reduce((sum, row) => sum + Number(row.event_count), 0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const processor of this.processors) await processor[Symbol.asyncDispose]();
    await this.source[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

let made: Promise<string> | undefined;

/** The lake of all tests here, which takes a while to make. */
function lake(): Promise<string> {
  made ??= (async () => {
    const folder = await Deno.makeTempDir();
    await makeSimulatedLake(folder, { ledgers: LEDGERS, seed: 5, transactions: TRANSACTIONS });
    return folder;
  })();
  return made;
}

Deno.test.afterAll(async () => {
  if (made !== undefined) await Deno.remove(await made, { recursive: true });
});

function ledgersFrom(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

Deno.test("a slow consumer slows the source down, which speeds up again with it, and no ledger is doubled or missing", async () => {
  await using upstream = await Upstream.start();
  const { source, processors: [processor] } = upstream;
  await using consumer = await upstream.consumer("slow", 25);
  await untilFlow(source, "is not paced", (flow) => flow.ledgers_per_second_limit !== null);
  // Its pace is the consumer's: at most 40 ledgers a second, never the many times more there could be.
  const { ledgers_per_second_limit } = await flowOf(source);
  assert(ledgers_per_second_limit! < 60, `${ledgers_per_second_limit}`);
  assertEquals((await flowOf(processor!)).consumers.map(({ consumer }) => consumer), ["slow"]);
  consumer.options.msPerLedger = 0;
  await untilFlow(
    source,
    "is still paced",
    (flow) => flow.ledgers_per_second_limit === null && !flow.backpressure_active,
  );
  await consumer.finished;
  assertEquals(consumer.ledgers, ledgersFrom(FIRST, LAST));
  assert(consumer.mostWaiting <= 50, `${consumer.mostWaiting}`);
});

Deno.test("a burst of ten times what a consumer takes is taken in order, within its limit", async () => {
  const before = FIRST + 35;
  const aside = join(await Deno.makeTempDir(), "aside");
  const release = await holdBack(await lake(), aside, before + 1);
  try {
    await using upstream = await Upstream.start();
    await using consumer = await upstream.consumer("steady", 3);
    await upstream.source.until(
      "has not sent what there is",
      () => Promise.resolve(consumer.ledgers.at(-1) === before),
    );
    await release(LAST);
    await consumer.finished;
    assertEquals(consumer.ledgers, ledgersFrom(FIRST, LAST));
    assert(consumer.mostWaiting <= 50, `${consumer.mostWaiting}`);
  } finally {
    await release(LAST);
    await Deno.remove(join(aside, ".."), { recursive: true });
  }
});

Deno.test("two processors of one source go at the pace of the slowest consumer", async () => {
  await using upstream = await Upstream.start(2);
  await using slow = await upstream.consumer("slow", 25);
  await untilFlow(
    upstream.source,
    "is not paced",
    (flow) => flow.ledgers_per_second_limit !== null,
  );
  await using fast = await upstream.consumer("fast", 0, 1);
  await upstream.source.until(
    "has sent the fast one too little",
    () => Promise.resolve(fast.ledgers.length >= 150),
  );
  // Alone it would have had all before the slow one had half.
  assert(slow.ledgers.length >= 100, `${slow.ledgers.length} beside ${fast.ledgers.length}`);
  slow.options.msPerLedger = 0;
  await Promise.all([slow.finished, fast.finished]);
  for (const { ledgers } of [slow, fast]) assertEquals(ledgers, ledgersFrom(FIRST, LAST));
});

Deno.test("independent consumers go at a pace of their own", async () => {
  await using upstream = await Upstream.start(2, { FLOW_CONTROL_POLICY: "independent" });
  await using slow = await upstream.consumer("slow", 200);
  await untilFlow(
    upstream.processors[0]!,
    "shows no backpressure",
    (flow) => flow.backpressure_active,
  );
  await using fast = await upstream.consumer("fast", 0, 1);
  await fast.finished;
  assert(slow.ledgers.length < LEDGERS / 2, `${slow.ledgers.length}`);
  slow.options.msPerLedger = 0;
  await slow.finished;
  for (const { ledgers } of [slow, fast]) assertEquals(ledgers, ledgersFrom(FIRST, LAST));
});

/** Time for which a stopped sink is watched; longer in the long form. */
const STOPPED_MS = Deno.env.get("LONG_TESTS") === "true" ? 60_000 : 5_000;

Deno.test("a sink that is stopped costs the others nothing, and goes on by itself", async () => {
  await using upstream = await Upstream.start();
  const { source, processors: [processor] } = upstream;
  await using sink = await upstream.sink();
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
  await upstream.assertStored();
});

Deno.test("a sink that runs a tenth of the time holds source and processor back, and loses nothing", async () => {
  await using upstream = await Upstream.start();
  await using sink = await upstream.sink({ MAX_INFLIGHT: "40" });
  await sink.ready();
  const slowing = new Slowing(sink.pid);
  try {
    await untilFlow(upstream.source, "shows no backpressure", (flow) => flow.backpressure_active);
  } finally {
    slowing.stop();
  }
  assertEquals(await sink.ended(), 0, sink.said);
  await upstream.assertStored();
});

/** Lets a process run for 10 ms of every 100. */
class Slowing {
  readonly #timer: ReturnType<typeof setInterval>;
  #turn = 0;

  constructor(private readonly pid: number) {
    this.#timer = setInterval(() => {
      kill(pid, this.#turn++ % 10 === 0 ? "SIGCONT" : "SIGSTOP");
    }, 10);
  }

  /** Lets it run again. */
  stop(): void {
    clearInterval(this.#timer);
    kill(this.pid, "SIGCONT");
  }
}
