import { assertEquals } from "@std/assert";
import { readDeclarations } from "./component_command.ts";
import { planPipeline } from "./pipeline_plan.ts";
import { takenPorts } from "./taken_ports.ts";

const FREE: Readonly<Record<string, string>> = {
  STELLAR_ARROW_SOURCE_PORT: "0",
  STELLAR_ARROW_SOURCE_HEALTH_PORT: "0",
  TTP_ARROW_PROCESSOR_PORT: "0",
  TTP_ARROW_PROCESSOR_HEALTH_PORT: "0",
  ARROW_ANALYTICS_SINK_PORT: "0",
  ARROW_ANALYTICS_SINK_HEALTH_PORT: "0",
};

async function told(env: Readonly<Record<string, string>>): Promise<string[]> {
  const options = {
    profile: "local",
    env: { get: (name: string) => env[name], toObject: () => ({ ...env }) },
  };
  return takenPorts(
    (await planPipeline(await readDeclarations(), options)).components,
  );
}

Deno.test("every taken port is told by the variable that names it in a pipeline", async () => {
  using first = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using second = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [a, b] = [first, second].map((each) => String((each.addr as Deno.NetAddr).port));
  const sentences = await told({
    ...FREE,
    TTP_ARROW_PROCESSOR_PORT: a!,
    ARROW_ANALYTICS_SINK_HEALTH_PORT: b!,
  });
  assertEquals(sentences, [
    `TTP_ARROW_PROCESSOR_PORT: port ${a} of 127.0.0.1 is taken by another program; stop that one, ` +
    "or choose another port (0 picks a free one). Example: TTP_ARROW_PROCESSOR_PORT=0",
    `ARROW_ANALYTICS_SINK_HEALTH_PORT: port ${b} of 127.0.0.1 is taken by another program; stop ` +
    "that one, or choose another port (0 picks a free one). Example: " +
    "ARROW_ANALYTICS_SINK_HEALTH_PORT=0",
  ]);
});

Deno.test("a port that is free again, and port 0, are not told", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  assertEquals(await told({ ...FREE, STELLAR_ARROW_SOURCE_PORT: String(port) }), []);
});
