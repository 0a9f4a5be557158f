/**
 * Starts and stops in quick succession. A few of them in the gate; with LONG_TESTS=true, as
 * `deno task test:long` sets it, as many as show what leaks slowly.
 */
import { assertEquals } from "@std/assert";
import { allGone } from "./patience.ts";
import { PipelineProcess } from "./pipeline_process.ts";
import { simulatedTip } from "./simulated_tip.ts";

const ROUNDS = Deno.env.get("LONG_TESTS") === "true" ? 20 : 3;

const PORT_VARIABLES = [
  "STELLAR_ARROW_SOURCE_PORT",
  "STELLAR_ARROW_SOURCE_HEALTH_PORT",
  "TTP_ARROW_PROCESSOR_PORT",
  "TTP_ARROW_PROCESSOR_HEALTH_PORT",
  "ARROW_ANALYTICS_SINK_PORT",
  "ARROW_ANALYTICS_SINK_HEALTH_PORT",
];

/** What is there when the pipeline is asked to stop, from hardly anything to all of it. */
const MOMENTS = [
  /all components are ready/,
  /starting source/,
  /starting sink/,
  /starting processor/,
];

/** Ports that are free, all at the same time. */
function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => {
    return Deno.listen({ hostname: "127.0.0.1", port: 0 });
  });
  for (const listener of listeners) listener.close();
  return listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
}

Deno.test(`${ROUNDS} starts and stops in a row leave no process, no taken port and nothing but logs`, async () => {
  const folder = await Deno.makeTempDir();
  const state = await Deno.makeTempDir({ prefix: "state-" });
  const ports = freePorts(PORT_VARIABLES.length);
  const env = {
    ...simulatedTip(folder),
    ...Object.fromEntries(PORT_VARIABLES.map((name, at) => [name, String(ports[at])])),
    PIPELINE_STATE_DIR: state,
  };
  for (let round = 0; round < ROUNDS; round++) {
    await using pipeline = new PipelineProcess(env);
    await pipeline.written(MOMENTS[round % MOMENTS.length]!);
    pipeline.signal("SIGTERM");
    const { code, output } = await pipeline.end();
    assertEquals(code, 0, output);
    await allGone(pipeline.pids());
    // Fails where one is still taken.
    for (const port of ports) Deno.listen({ hostname: "127.0.0.1", port }).close();
    assertEquals([...Deno.readDirSync(state)].map(({ name }) => name), ["logs"]);
  }
  for (const path of [folder, state]) await Deno.remove(path, { recursive: true });
});
