import { assertEquals, assertMatch } from "@std/assert";
import { ignoresHangup } from "../../pipeline/mod.ts";
import { allGone, kill, managerCommand, PipelineProcess } from "./pipeline_process.ts";
import { moreLedgers, simulatedTip } from "./simulated_tip.ts";

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  Deno.test({
    name:
      `${signal} to the manager stops the components in reverse order, with 0, a summary and nothing left`,
    // Where these tests run through nohup, the manager rightly goes on.
    ignore: signal === "SIGHUP" && await ignoresHangup(),
    fn: () => stops(signal),
  });
}

async function stops(signal: Deno.Signal): Promise<void> {
  const folder = await Deno.makeTempDir();
  await using pipeline = new PipelineProcess(simulatedTip(folder));
  await moreLedgers(folder);
  pipeline.signal(signal);
  const { code, output } = await pipeline.end();
  assertEquals(code, 0, output);
  assertMatch(output, new RegExp(`stopping \\(${signal}\\)`));
  assertMatch(output, /ledgers +[\d,]+, committed up to ledger \d+/);
  const stops = ["sink", "processor", "source"].map((name) =>
    output.search(new RegExp(`^${name} +│.*SIGTERM: stopping`, "m"))
  );
  assertEquals(stops.includes(-1), false, output);
  assertEquals(stops, stops.toSorted((a, b) => a - b), output);
  assertEquals(/was killed/.test(output), false, output);
  await allGone(pipeline.pids());
  await Deno.remove(folder, { recursive: true });
}

Deno.test("kill -9 of the manager leaves no process behind", async () => {
  const folder = await Deno.makeTempDir();
  await using pipeline = new PipelineProcess(simulatedTip(folder));
  await moreLedgers(folder);
  kill(pipeline.pid, "SIGKILL");
  await pipeline.end();
  await allGone(pipeline.pids());
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a pipeline started through nohup goes on after SIGHUP, and stops with 0 at SIGTERM", async () => {
  const folder = await Deno.makeTempDir();
  const command = ["nohup", ...managerCommand("start", "local")];
  await using pipeline = new PipelineProcess(simulatedTip(folder), command);
  await moreLedgers(folder);
  pipeline.signal("SIGHUP");
  // A signal that were heeded would have stopped it by now.
  await moreLedgers(folder, 2);
  pipeline.signal("SIGTERM");
  const { code, output } = await pipeline.end();
  assertEquals(code, 0, output);
  assertMatch(output, /stopping \(SIGTERM\)/);
  assertEquals(/SIGHUP/.test(output), false, output);
  await allGone(pipeline.pids());
  await Deno.remove(folder, { recursive: true });
});

const npx = await new Deno.Command("npx", { args: ["--version"], stdin: "null" }).output()
  .then(({ success }) => success, () => false);

Deno.test({
  name: "SIGTERM to npx, which leaves its child running, stops the pipeline all the same",
  ignore: !npx,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    await using pipeline = new PipelineProcess(simulatedTip(folder), [
      "npx",
      "--yes",
      "deno@2.9.6",
      "task",
      "pipeline:local",
    ]);
    await moreLedgers(folder);
    pipeline.signal("SIGTERM");
    const { output } = await pipeline.end();
    await allGone(pipeline.pids());
    assertMatch(output, /stopping \(npm has ended\)/);
    await Deno.remove(folder, { recursive: true });
  },
});
