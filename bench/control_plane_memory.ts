/**
 * Memory of a control plane with 1,000 services that send a heartbeat each 5 s, over what it takes
 * with the first few of them; each has a connection of its own:
 *
 *     MALLOC_MMAP_THRESHOLD_=1048576 deno run -A \
 *       --v8-flags=--expose-gc,--max-semi-space-size=2 bench/control_plane_memory.ts
 *
 * Variable and flag are those that `deno task flowctl` and the manager give (ALLOCATOR,
 * ENGINE_FLAGS). The services are in another process. `heap` and `buffers` are what is in use when
 * the garbage is collected; `resident` is what the system counts. `--rounds N` sets how many
 * heartbeats of each service are waited for.
 */
import { parseArgs } from "@std/cli/parse-args";
import { delay } from "@std/async/delay";
import { join } from "@std/path";
import {
  connectControlPlane,
  ControlPlane,
  type ControlPlaneClient,
  HEARTBEAT_METRICS,
} from "../flowctl/mod.ts";

/** Bytes that the services take. */
export interface ControlPlaneMemory {
  readonly services: number;
  readonly heap: number;
  readonly buffers: number;
  readonly resident: number;
}

const SERVICES = 1_000;

/** Services before the base is taken: they make what all of them share. */
const FIRST_SERVICES = 50;

/** Heartbeats of each service; after half a minute nothing grows any more. */
const ROUNDS = 8;

/** Calls at once, and how often: all services within 5 s. */
const TOGETHER = 20;
const PAUSE_MS = 5_000 * TOGETHER / SERVICES;

/** How often the garbage is collected until what is left is steady. */
const COLLECTIONS = 4;

async function measure(rounds: number): Promise<ControlPlaneMemory> {
  const folder = await Deno.makeTempDir();
  const controlPlane = new ControlPlane({ port: 0, statePath: join(folder, "state.sqlite") });
  try {
    const { port } = await controlPlane.start();
    await using load = loadOf(port, rounds);
    await load.reached(FIRST_SERVICES);
    const base = used();
    await load.reached(SERVICES);
    const services = controlPlane.services().filter(({ status }) => status === "HEALTHY").length;
    const { heap, buffers, resident } = used();
    return {
      services,
      heap: heap - base.heap,
      buffers: buffers - base.buffers,
      resident: resident - base.resident,
    };
  } finally {
    await controlPlane.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

/** The process of the services; it goes on when it is told to, and ends with its input. */
function loadOf(port: number, rounds: number) {
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", import.meta.filename!, `${port}`, `--rounds=${rounds}`],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = process.stdin.getWriter();
  const output = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  return {
    /** Resolves when so many services have registered and sent their heartbeats. */
    async reached(count: number): Promise<void> {
      await input.write(new TextEncoder().encode(`${count}\n`));
      const { value } = await output.read();
      if (value !== `${count}\n`) throw new Error(`the services' process said: ${value}`);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await input.close();
      await output.cancel();
      await process.status;
    },
  };
}

function used() {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("run with --v8-flags=--expose-gc");
  for (let round = 0; round < COLLECTIONS; round++) gc();
  const { heapUsed, external, rss } = Deno.memoryUsage();
  return { heap: heapUsed, buffers: external, resident: rss };
}

/** The other process: for each number on standard input, brings services up to that many. */
async function load(port: number, rounds: number): Promise<void> {
  const clients: ControlPlaneClient[] = [];
  for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const first = clients.length;
    while (clients.length < Number(line)) {
      clients.push(await connectControlPlane({ endpoint: `127.0.0.1:${port}`, protocol: "v1" }));
    }
    const all = clients.map((client, at) => ({ client, id: `service-${at}` }));
    await inBatches(all.slice(first), ({ client, id }) => client.register(registrationOf(id)));
    for (let round = 0; round < rounds; round++) {
      await inBatches(all, ({ client, id }) => {
        const metrics = metricsOf(round);
        return client.heartbeat({ serviceId: id, status: "HEALTHY", metrics });
      });
    }
    console.log(line.trim());
  }
  for (const client of clients) client.close();
}

function registrationOf(id: string) {
  return {
    id,
    name: "ttp-arrow-processor",
    description: "Token-transfer events of ledgers as Arrow batches.",
    version: "0.1.0",
    type: "PROCESSOR" as const,
    inputEventTypes: ["stellar_ledger_service.StellarLedger"],
    outputEventTypes: ["ttp_event_service.TTPEvent"],
    endpoint: "127.0.0.1:8816",
    metadata: { network: "pubnet", health_endpoint: "http://127.0.0.1:8089/health" },
    maxInflight: 1000,
  };
}

function metricsOf(round: number): Record<string, number> {
  return Object.fromEntries(
    HEARTBEAT_METRICS.map((name, at) => [name, (round + 1) * 53_312_000.5 / (at + 1)]),
  );
}

/** Calls at the pace of all services; what a busy machine delays is not caught up with in a burst. */
async function inBatches<T>(items: readonly T[], each: (item: T) => Promise<unknown>) {
  for (let at = 0; at < items.length; at += TOGETHER) {
    const pause = delay(PAUSE_MS);
    await Promise.all(items.slice(at, at + TOGETHER).map(each));
    await pause;
  }
}

if (import.meta.main) {
  const { _: [port], rounds } = parseArgs(Deno.args, { default: { rounds: ROUNDS } });
  if (port === undefined) console.log(JSON.stringify(await measure(Number(rounds))));
  else await load(Number(port), Number(rounds));
}
