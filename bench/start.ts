/**
 * From `pipeline start` to "all components are ready", and from Ctrl-C to the manager's end, with and
 * without flowctl. `deno task bench:start [--runs N]`.
 *
 * Times are those of somebody at the prompt: from the moment the command is started, and from the
 * signal to the end of the process.
 */
import { parseArgs } from "@std/cli/parse-args";
import { delay } from "@std/async/delay";
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const PREFIXES = [
  "STELLAR_ARROW_SOURCE",
  "TTP_ARROW_PROCESSOR",
  "ARROW_ANALYTICS_SINK",
  "FLOWCTL_CONTROL_PLANE",
];

/** So that the stop has work to drain and to commit. */
const WORK_MS = 1_000;

/** What is measured, in the order of the table. */
const KINDS = [
  { name: "without flowctl", profile: "local", env: {} },
  {
    name: "flowctl, absent",
    profile: "flowctl",
    env: { PIPELINE_START_CONTROL_PLANE: "false" },
  },
  { name: "flowctl, its own", profile: "flowctl", env: {} },
] as const;

/** Aims in milliseconds, from the issue of the manager. */
const START_AIM_MS = 2_000;
const STOP_AIM_MS = 5_000;
const FLOWCTL_AIM_MS = 500;

interface Times {
  readonly startMs: number;
  readonly stopMs: number;
}

/** An address of this machine where nobody listens. */
function freeEndpoint(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
}

async function measure(folder: string, kind: (typeof KINDS)[number]): Promise<Times> {
  const ports = PREFIXES.flatMap((
    prefix,
  ) => [[`${prefix}_PORT`, "0"], [`${prefix}_HEALTH_PORT`, "0"]]);
  const from = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", `pipeline:${kind.profile}`],
    cwd: ROOT,
    env: {
      ...Object.fromEntries(ports),
      STORAGE_PATH: join(folder, "ledgers"),
      OUTPUT_PATH: join(folder, "out"),
      PIPELINE_STATE_DIR: join(folder, "state"),
      FLOWCTL_ENDPOINT: freeEndpoint(),
      NO_COLOR: "1",
      ...kind.env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let said = "";
  let startMs: number | undefined;
  const ready = Promise.withResolvers<void>();
  const reading = (async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (startMs !== undefined || !said.includes("all components are ready")) continue;
      startMs = performance.now() - from;
      ready.resolve();
    }
    ready.reject(new Error(`The pipeline did not become ready:\n${said}`));
  })();
  await ready.promise;
  await delay(WORK_MS);
  const stopFrom = performance.now();
  child.kill("SIGINT");
  const { code } = await child.status;
  const stopMs = performance.now() - stopFrom;
  await reading;
  if (code !== 0) throw new Error(`The pipeline ended with code ${code}:\n${said}`);
  return { startMs: startMs!, stopMs };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median, with the least and the most. */
function cell(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(0)} (${least.toFixed(0)}–${most.toFixed(0)})`;
}

const args = parseArgs(Deno.args, { string: ["runs"], default: { runs: "7" } });
const runs = Number(args.runs);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`--runs "${args.runs}" must be a whole number above zero, for example --runs 7`);
  Deno.exit(2);
}
const times = new Map<string, Times[]>(KINDS.map(({ name }) => [name, []]));
// In turns, so that what else the machine does falls on both. The first round only fills caches.
for (let run = 0; run <= runs; run++) {
  for (const kind of KINDS) {
    const folder = await Deno.makeTempDir({ prefix: "bench-start-" });
    try {
      const measured = await measure(folder, kind);
      if (run > 0) times.get(kind.name)!.push(measured);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
}
console.log(`medians of ${runs} runs, with the least and the most, in ms`);
console.log(`${"".padEnd(20)}  ${"start to ready".padEnd(20)}  Ctrl-C to the end`);
const starts = KINDS.map(({ name }) => times.get(name)!.map(({ startMs }) => startMs));
const stops = KINDS.map(({ name }) => times.get(name)!.map(({ stopMs }) => stopMs));
for (const [at, { name }] of KINDS.entries()) {
  console.log(`${name.padEnd(20)}  ${cell(starts[at]!).padEnd(20)}  ${cell(stops[at]!)}`);
}
for (const [at, { name }] of KINDS.entries()) {
  if (at === 0) continue;
  // Of runs that followed each other: what the machine did meanwhile is much the same.
  const added = starts[at]!.map((start, run) => start - starts[0]![run]!);
  console.log(`${name}: adds ${median(added).toFixed(0)} ms to the start`);
}
console.log(
  `aims: start < ${START_AIM_MS} ms, stop < ${STOP_AIM_MS} ms, flowctl adds ≤ ${FLOWCTL_AIM_MS} ms`,
);
