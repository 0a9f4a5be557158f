/**
 * The three processes over a lake of ledgers as large as pubnet's today: ledgers and events a second, and
 * memory and processor time of each. `deno task bench:pipeline [--ledgers N] [--lake DIR --start A --end B]`.
 *
 * Figures come from the manager's summary and each component's `/metrics`, as an operator would see them.
 */
import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl, join } from "@std/path";
import { FIRST_SIMULATED_LEDGER } from "../stellar/simulated/mod.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const COMPONENTS = ["source", "processor", "sink"] as const;
const PREFIXES = ["STELLAR_ARROW_SOURCE", "TTP_ARROW_PROCESSOR", "ARROW_ANALYTICS_SINK"];
/** Time between two looks at the components. */
const LOOK_MS = 250;

interface Lake {
  readonly folder: string;
  readonly start: number;
  readonly end: number;
}

/** What was seen last, and at the most, of one process. */
interface Usage {
  cpuSeconds: number;
  peakRssBytes: number;
}

async function simulatedLake(folder: string, ledgers: number): Promise<Lake> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["task", "-q", "simulate", "--out", folder, "--seed", "bench"],
      ...["--ledgers", String(ledgers), "--transactions", "350"],
    ],
    cwd: ROOT,
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return { folder, start: FIRST_SIMULATED_LEDGER, end: FIRST_SIMULATED_LEDGER + ledgers - 1 };
}

/** Runs the pipeline over the lake; returns its summary lines. */
async function runPipeline(lake: Lake, out: string, usage: Map<string, Usage>): Promise<string[]> {
  const env: Record<string, string> = {
    SOURCE_TYPE: "filesystem",
    STORAGE_PATH: lake.folder,
    START_LEDGER: String(lake.start),
    END_LEDGER: String(lake.end),
    OUTPUT_PATH: out,
    PIPELINE_STATE_DIR: `${out}-state`,
    NO_COLOR: "1",
  };
  for (const prefix of PREFIXES) {
    env[`${prefix}_PORT`] = "0";
    env[`${prefix}_HEALTH_PORT`] = "0";
  }
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "-q", "pipeline:local"],
    cwd: ROOT,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const health = new Map<string, string>();
  const timer = setInterval(() => void look(health, usage), LOOK_MS);
  const lines: string[] = [];
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    for (const line of parts) {
      lines.push(line);
      const match = /^(\w+)\s+│\s+health\s+(http:\S+)/.exec(line);
      if (match) health.set(match[1]!, match[2]!);
    }
  }
  clearInterval(timer);
  const { code } = await child.status;
  if (code !== 0) throw new Error(`The pipeline ended with code ${code}:\n${lines.join("\n")}`);
  return lines.filter((line) => line.startsWith("pipeline"));
}

async function look(health: Map<string, string>, usage: Map<string, Usage>): Promise<void> {
  for (const [component, url] of health) {
    const text = await fetch(`${url}/metrics`).then((answer) => answer.text(), () => "");
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1] ?? 0);
    const seen = usage.get(component) ?? { cpuSeconds: 0, peakRssBytes: 0 };
    seen.cpuSeconds = Math.max(seen.cpuSeconds, value("process_cpu_seconds_total"));
    seen.peakRssBytes = Math.max(seen.peakRssBytes, value("process_resident_memory_bytes"));
    usage.set(component, seen);
  }
}

const args = parseArgs(Deno.args, {
  string: ["ledgers", "lake", "start", "end"],
  default: { ledgers: "600" },
});
const folder = await Deno.makeTempDir({ prefix: "bench-pipeline-" });
try {
  const lake = args.lake === undefined
    ? await simulatedLake(join(folder, "lake"), Number(args.ledgers))
    : { folder: args.lake, start: Number(args.start), end: Number(args.end) };
  const usage = new Map<string, Usage>();
  const summary = await runPipeline(lake, join(folder, "out"), usage);
  for (const line of summary.slice(-4)) console.log(line);
  console.log("process     CPU seconds   peak RSS MiB");
  for (const component of COMPONENTS) {
    const { cpuSeconds = 0, peakRssBytes = 0 } = usage.get(component) ?? {};
    const rss = (peakRssBytes / 2 ** 20).toFixed(0);
    console.log(
      `${component.padEnd(10)} ${cpuSeconds.toFixed(1).padStart(12)} ${rss.padStart(14)}`,
    );
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
