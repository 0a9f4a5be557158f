/**
 * Flow control over real processes: a source, a processor, and a consumer whose disk is fast, then
 * slow, then fast again. Prints how long a consumer's word takes to the source, draws load and rates
 * with `--svg FILE`, and prints them with `--trace`.
 *
 * `deno run -A tests/fault_tolerance/flow_control_trace.ts [--svg FILE] [--trace]`
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import type { HealthFlow } from "../../flowctl/mod.ts";
import { makeSimulatedLake } from "../e2e/simulated_lake.ts";
import { DirectComponent, taskArguments } from "../integration/direct_component.ts";
import { SlowConsumer } from "./slow_consumer.ts";
import { type Moment, traceSvg } from "./flow_control_plot.ts";

const LEDGERS = 3_000;
const FIRST = 2;
const LAST = FIRST + LEDGERS - 1;
const TRANSACTIONS = 60;
/** Ledgers that the consumer lets wait. */
const MAX_INFLIGHT = 100;
/** Milliseconds that its disk takes for a ledger, and for how long. */
const PHASES = [
  { name: "as fast as it can", msPerLedger: 0, seconds: 4 },
  { name: "20 ms a ledger", msPerLedger: 20, seconds: 14 },
  { name: "as fast as it can", msPerLedger: 0, seconds: 6 },
] as const;
const LOOK_MS = 100;
const WORDS = 100;

const args = parseArgs(Deno.args, { string: ["svg"], boolean: ["trace"] });
const folder = await Deno.makeTempDir({ prefix: "bench-flow-" });
try {
  const lake = join(folder, "lake");
  await makeSimulatedLake(lake, { ledgers: LEDGERS, seed: 5, transactions: TRANSACTIONS });
  await using source = start("source", {
    SOURCE_TYPE: "filesystem",
    STORAGE_PATH: lake,
    BATCH_SIZE: "10",
    COMPRESSION: "none",
  });
  const SOURCE_ENDPOINT = await endpointOf(source);
  await using processor = start("processor", { SOURCE_ENDPOINT, BATCH_SIZE: "10" });
  const endpoint = await endpointOf(processor);
  const moments = await trace(source, endpoint);
  report(moments);
  if (args.trace) { for (const moment of moments) console.log(JSON.stringify(moment)); }
  if (args.svg !== undefined) {
    await Deno.writeTextFile(args.svg, traceSvg(moments, PHASES));
  }
  await measureWords(source, endpoint);
} finally {
  await Deno.remove(folder, { recursive: true });
}

function start(task: "source" | "processor", env: Record<string, string>): DirectComponent {
  const own = taskArguments(`${task}:local`);
  const set = own.indexOf(`-P=${task}-local`);
  const read = `--allow-read=${folder},components,stellar,arrow`;
  return new DirectComponent(own.toSpliced(set + 1, 0, read), env);
}

async function endpointOf(component: DirectComponent): Promise<string> {
  return `127.0.0.1:${(await component.ready()).ports.flight}`;
}

interface Answer {
  readonly flow: HealthFlow;
  readonly progress: { readonly ledgers_total: number };
}

/** What a component's `/health` says now. */
async function healthUrl(component: DirectComponent): Promise<() => Promise<Answer>> {
  const { ports } = await component.ready();
  const url = `http://127.0.0.1:${ports.health}/health`;
  return async () => await (await fetch(url)).json();
}

function consume(endpoint: string, name: string, msPerLedger: number): SlowConsumer {
  return new SlowConsumer({
    endpoint,
    name,
    startLedger: FIRST,
    endLedger: LAST,
    maxInflight: MAX_INFLIGHT,
    msPerLedger,
  });
}

/** Load and rates, ten times a second, through all phases. */
async function trace(source: DirectComponent, endpoint: string): Promise<Moment[]> {
  const health = await healthUrl(source);
  await using consumer = consume(endpoint, "traced", PHASES[0].msPerLedger);
  const moments: Moment[] = [];
  const began = performance.now();
  let [sent, stored, atMs] = [0, 0, began];
  for (const { msPerLedger, seconds } of PHASES) {
    consumer.options.msPerLedger = msPerLedger;
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const { flow, progress } = await health();
      const now = performance.now();
      const perSecond = (count: number) => Math.max(0, count) / (now - atMs) * 1000;
      const own = consumer.flow.health();
      moments.push({
        seconds: (now - began) / 1000,
        load: own.load_ratio,
        throttle: own.throttle_rate,
        limit: flow.ledgers_per_second_limit,
        sent: perSecond(progress.ledgers_total - sent),
        stored: perSecond(consumer.ledgers.length - stored),
      });
      [sent, stored, atMs] = [progress.ledgers_total, consumer.ledgers.length, now];
    }
  }
  return moments;
}

/** How steady it is: load in the second half of the slow phase, and how often the throttle fell. */
function report(moments: readonly Moment[]): void {
  const slowFrom = PHASES[0].seconds, slowTo = slowFrom + PHASES[1].seconds;
  const slow = moments.filter(({ seconds }) => seconds > slowFrom && seconds < slowTo);
  const settled = slow.slice(slow.length / 2).map(({ load }) => load);
  const falls = slow.filter(({ throttle }, i) => i > 0 && throttle < slow[i - 1]!.throttle).length;
  console.log(
    `slow phase, second half: load ${Math.min(...settled).toFixed(2)} to ` +
      `${Math.max(...settled).toFixed(2)}; the throttle fell ${falls} times in all of it`,
  );
  const recovered = moments.find(({ seconds, limit }) => seconds > slowTo && limit === null);
  console.log(
    recovered === undefined
      ? "the source was still paced at the end"
      : `no more pacing ${(recovered.seconds - slowTo).toFixed(1)} s after the disk was fast again`,
  );
}

/** Time from a consumer's word until the source, two processes away, has taken it. */
async function measureWords(source: DirectComponent, endpoint: string): Promise<void> {
  const health = await healthUrl(source);
  await using consumer = consume(endpoint, "word", 20);
  while ((await health()).flow.ledgers_per_second_limit === null);
  const times: number[] = [];
  let asked = 0;
  for (let i = 0; i < WORDS; i++) {
    // Each word is another one, far enough from the one before to be told at once.
    const rate = 20 + (i % 2) * 10;
    const before = performance.now();
    consumer.flow.take(
      new TextEncoder().encode(JSON.stringify({
        consumer: "by-hand",
        load: 2 + (i % 2),
        backpressure: true,
        throttle: 0.05,
        ledgers_per_second: rate / 100,
        bytes_per_second: null,
        reason: "manual",
      })),
    );
    for (;;) {
      asked++;
      if ((await health()).flow.ledgers_per_second_limit === rate / 100) break;
    }
    times.push(performance.now() - before);
  }
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.floor(part * (times.length - 1))]!.toFixed(1);
  console.log(
    `a word from consumer over processor to source, as /health shows it: median ${at(0.5)} ms, ` +
      `p99 ${at(0.99)} ms, longest ${at(1)} ms, of ${WORDS} (${asked} looks)`,
  );
}
