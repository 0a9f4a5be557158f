import { assertEquals, assertMatch } from "@std/assert";
import type { PipelineReport } from "../../flowctl/mod.ts";
import { eventually, kill } from "./patience.ts";
import { PipelineCommands } from "./pipeline_commands.ts";
import { simulatedTip } from "./simulated_tip.ts";

/** An address of this machine where nobody listens. */
function deadEndpoint(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
}

async function reportOf(pipeline: PipelineCommands): Promise<PipelineReport> {
  const { output } = await pipeline.run("health", "--report", "--json");
  return JSON.parse(output);
}

for (const profile of ["local", "flowctl"]) {
  const withControlPlane = profile === "flowctl";
  Deno.test(`the health report tells of a pipeline of the profile ${profile}, and of what it cannot read`, async (t) => {
    const folder = await Deno.makeTempDir();
    const env = { ...simulatedTip(folder), FLOWCTL_ENDPOINT: deadEndpoint() };
    await using pipeline = new PipelineCommands(env);
    assertEquals((await pipeline.run("start", profile, "--detach")).code, 0);

    await t.step("healthy, with figures of each component", async () => {
      await eventually("the sink tells no rate, or nobody has heard of it", async () => {
        const { status, services, problems } = await reportOf(pipeline);
        assertEquals(services.map(({ id }) => id), ["source", "processor", "sink"]);
        const heard = services.every(({ heartbeat_age_ms: age }) =>
          (age !== null) === withControlPlane
        );
        return status === "healthy" && problems.length === 0 && heard &&
          (services.at(-1)!.throughput ?? 0) > 0;
      });
      const { code, output } = await pipeline.run("health", "--report");
      assertEquals(code, 0, output);
      assertMatch(output, /^pipeline healthy, 3 services, /);
      assertMatch(output, /^sink +consumer +healthy /m);
      assertMatch(output, /^bottleneck +/m);
    });

    await t.step(
      "a component that hangs makes it unhealthy, is named, and ends it with 1",
      async () => {
        const pid = (await pipeline.pidOf("processor"))!;
        kill(pid, "SIGSTOP");
        await eventually("the processor is not missed", async () => {
          const { status, problems, recommendations } = await reportOf(pipeline);
          return status === "unhealthy" && problems.length === 1 &&
            /^processor gives no answer at http:/.test(problems[0]!) &&
            recommendations.some(({ severity, text }) =>
              severity === "critical" && /^See whether processor still runs/.test(text)
            );
        });
        assertEquals((await pipeline.run("health", "--report")).code, 1);
        kill(pid, "SIGCONT");
        await eventually(
          "it stays unhealthy",
          async () => (await pipeline.run("health", "--report")).code === 0,
        );
      },
    );
    await pipeline.run("stop");
    await Deno.remove(folder, { recursive: true });
  });
}
