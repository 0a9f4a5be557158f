import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import type { EndpointHealth } from "../../pipeline/mod.ts";
import { allGone, eventually, isAlive, kill, patiently } from "./patience.ts";
import { PipelineCommands } from "./pipeline_commands.ts";
import { COMPONENT_NAMES, managerCommand, ROOT } from "./pipeline_process.ts";
import { assertWhole, moreLedgers, simulatedTip } from "./simulated_tip.ts";

const NAMES_ON_SCREEN = ["pipeline", ...COMPONENT_NAMES];

/** The names before the lines of a command's output, each once. */
function speakers(output: string): string[] {
  const names = output.matchAll(/^(\w+) +│/gm);
  return [...new Set([...names].map(([, name]) => name!))].sort();
}

Deno.test("a detached pipeline outlives its terminal and is found by every command", async (t) => {
  const folder = await Deno.makeTempDir();
  await using pipeline = new PipelineCommands(simulatedTip(folder));

  await t.step(
    "start --detach ends with 0 when it is ready, and a hang-up does not reach it",
    async () => {
      // A shell with a session of its own, as a terminal gives it, that stays until it is hung up.
      const start = managerCommand("start", "--detach").join(" ");
      const shell = new Deno.Command("sh", {
        args: ["-c", `${start} && echo left && exec sleep 600`],
        cwd: ROOT,
        env: pipeline.env,
        stdin: "null",
        stdout: "piped",
        detached: true,
      }).spawn();
      let said = "";
      const reading = (async () => {
        for await (const text of shell.stdout.pipeThrough(new TextDecoderStream())) said += text;
      })();
      await eventually("start does not end", () => /^left$/m.test(said), () => said);
      assertMatch(said, /all components are ready/);
      Deno.kill(-shell.pid, "SIGHUP");
      await patiently("the shell does not end", shell.status);
      await reading;
      await moreLedgers(folder);
      const { state, detached } = await pipeline.status();
      assertEquals([state, detached], ["running", true]);
    },
  );

  await t.step("status tells of each component, as a table and as JSON", async () => {
    // The manager asks the components once a second.
    await eventually("a component tells no ledger", async () => {
      return (await pipeline.status()).components.every(({ ledger }) => (ledger ?? 0) > 0);
    });
    const { profile, pid, components } = await pipeline.status();
    assertEquals([profile, components.map(({ name }) => name)], ["local", COMPONENT_NAMES]);
    for (const each of components) {
      assertEquals([each.state, each.restarts, isAlive(each.pid!)], ["healthy", 0, true]);
    }
    const { code, output } = await pipeline.run("status");
    assertEquals(code, 0, output);
    assertMatch(output, new RegExp(`^pipeline running, profile local, process ${pid} detached`));
    for (const { name, pid } of components) {
      assertMatch(output, new RegExp(`^${name} +${pid}  healthy `, "m"));
    }
  });

  await t.step("health ends with 0 while all are healthy", async () => {
    const { code, output } = await pipeline.run("health", "--json");
    const endpoints: EndpointHealth[] = JSON.parse(output);
    assertEquals([code, endpoints.length], [0, 2 * COMPONENT_NAMES.length], output);
    assertEquals(endpoints.every(({ healthy }) => healthy), true, output);
  });

  await t.step(
    "health ends with 1 while a component hangs, and with 0 when it goes on",
    async () => {
      const pid = await pipeline.pidOf("processor");
      kill(pid, "SIGSTOP");
      const { code, output } = await pipeline.run("health");
      kill(pid, "SIGCONT");
      assertEquals(code, 1, output);
      assertMatch(output, /^processor +http:\S+ +no answer within 2 s/m);
      assertMatch(output, /^sink +http:\S+ +healthy/m);
      await eventually("it stays unhealthy", async () => (await pipeline.run("health")).code === 0);
    },
  );

  await t.step("restart gives one component another process, the others keep theirs", async () => {
    const before = (await pipeline.status()).components;
    const { code, output } = await pipeline.run("restart", "processor");
    assertEquals(code, 0, output);
    const after = (await pipeline.status()).components;
    assertMatch(output, new RegExp(`processor runs again as process ${after[1]!.pid}`));
    assertNotEquals(after[1]!.pid, before[1]!.pid);
    assertEquals([after[0]!.pid, after[2]!.pid], [before[0]!.pid, before[2]!.pid]);
    assertEquals(after.map(({ restarts }) => restarts), [0, 1, 0]);
    await moreLedgers(folder);
  });

  await t.step("health ends with 1 while a component is dead", async () => {
    // Each death makes the wait before the next start longer, in which there is time to ask.
    await eventually("health never tells of it", async () => {
      const pid = await pipeline.pidOf("source");
      if (pid !== null) kill(pid, "SIGKILL");
      const { code, output } = await pipeline.run("health");
      return code === 1 && /^source .*(nothing listens there|not started)/m.test(output);
    });
    await eventually("it stays unhealthy", async () => (await pipeline.run("health")).code === 0);
  });

  await t.step("restart of all gives each another process, which keeps its ports", async () => {
    const before = (await pipeline.status()).components;
    assertEquals((await pipeline.run("restart")).code, 0);
    const after = (await pipeline.status()).components;
    for (const [at, { pid, ports, restarts }] of after.entries()) {
      assertEquals([ports, restarts], [before[at]!.ports, before[at]!.restarts + 1]);
      assertNotEquals(pid, before[at]!.pid);
    }
    await moreLedgers(folder);
  });

  await t.step("logs shows all, one component, a time, a level", async () => {
    const all = await pipeline.run("logs");
    assertEquals([all.code, speakers(all.output)], [0, NAMES_ON_SCREEN.toSorted()]);
    const starts = NAMES_ON_SCREEN.slice(1).map((name) => all.output.indexOf(`starting ${name}`));
    const names = COMPONENT_NAMES.map((name) => all.output.search(new RegExp(`^${name} +│`, "m")));
    // By time: each component speaks after it was started and before the next one is.
    const order = starts.flatMap((start, at) => [start, names[at]!]);
    assertEquals(order, order.toSorted((a, b) => a - b), all.output);

    assertEquals(speakers((await pipeline.run("logs", "sink")).output), ["sink"]);

    assertEquals((await pipeline.run("logs", "--since", "1h")).output, all.output);
    assertEquals((await pipeline.run("logs", "--since", "2100-01-01")).output, "");

    const errors = (await pipeline.run("logs", "--level", "error")).output.trim().split("\n");
    assertMatch(errors[0]!, /stellar-arrow-source was ended by SIGKILL; it is started again/);
    assertEquals(errors.filter((line) => / INFO | WARN /.test(line)), []);
  });

  await t.step(
    "a later start on the same state folder is told who runs there, with 1",
    async () => {
      const { pid } = await pipeline.status();
      const { code, output } = await pipeline.run("start");
      assertEquals(code, 1, output);
      assertMatch(output, new RegExp(`a pipeline is running \\(profile local, process ${pid}, `));
      assertEquals(/starting/.test(output), false, output);
    },
  );

  await t.step(
    "stop ends all in reverse order with 0; logs --follow sees it and ends by Ctrl-C",
    async () => {
      const pids = await pipeline.pids();
      const [program, ...args] = managerCommand("logs", "--follow");
      const follower = new Deno.Command(program!, {
        args,
        cwd: ROOT,
        env: pipeline.env,
        stdin: "null",
        stdout: "piped",
      }).spawn();
      let seen = "";
      const reading = (async () => {
        for await (const text of follower.stdout.pipeThrough(new TextDecoderStream())) {
          seen += text;
        }
      })();
      await eventually("logs shows nothing of the past", () => seen.includes("│"));
      const { code, output } = await pipeline.run("stop");
      assertEquals(code, 0, output);
      assertMatch(output, /stopping \(SIGTERM\)[^]*committed up to ledger \d+/);
      await allGone(pids);
      assertEquals(pipeline.names(), ["logs"]);
      await eventually(
        "the end is not followed",
        () => /by this run/.test(seen),
        () => seen,
      );
      follower.kill("SIGINT");
      assertEquals((await patiently("logs does not end", follower.status)).code, 0);
      await reading;
      const stops = [...seen.matchAll(/^(\w+) +│.*SIGTERM: stopping/gm)].map(([, name]) => name);
      // The first are those of the restarts.
      const reversed = COMPONENT_NAMES.toReversed();
      assertEquals(stops, ["processor", ...reversed, ...reversed], seen);
      await assertWhole(folder);
    },
  );

  await t.step(
    "where nothing runs any more, the commands end with 3 and logs still tells",
    async () => {
      for (const command of ["status", "health", "restart", "stop"]) {
        const { code, output } = await pipeline.run(command);
        assertEquals(code, 3, `${command}: ${output}`);
        assertMatch(
          output,
          new RegExp(`no pipeline is running with the state folder ${pipeline.state}`),
        );
      }
      assertEquals((await pipeline.run("logs", "pipeline")).code, 0);
      const nowhere = await pipeline.run("logs", "--state-dir", join(folder, "nowhere"));
      assertEquals(nowhere.code, 3, nowhere.output);
    },
  );

  await Deno.remove(folder, { recursive: true });
});

Deno.test("of two detached starts at the same moment one is refused, and says by whom", async () => {
  const folder = await Deno.makeTempDir();
  await using pipeline = new PipelineCommands(simulatedTip(folder));
  const starts = await Promise.all([0, 1].map(() => pipeline.run("start", "--detach")));
  const { pid } = await pipeline.status();
  assertEquals(starts.map(({ code }) => code).sort(), [0, 1]);
  const refused = starts.find(({ code }) => code === 1)!.output;
  assertMatch(refused, /a pipeline is (running|being started).*--state-dir/);
  assertEquals(refused.trim().split("\n").length, 1, refused);
  assertMatch(starts.find(({ code }) => code === 0)!.output, new RegExp(`as process ${pid};`));
  assertEquals((await pipeline.run("stop")).code, 0);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a start right after kill -9 of the manager takes over its ports, also from a component that hangs", async () => {
  const folder = await Deno.makeTempDir();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  await using pipeline = new PipelineCommands({
    ...simulatedTip(folder),
    ARROW_ANALYTICS_SINK_PORT: String(port),
    PIPELINE_STOP_GRACE: "1s",
  });
  assertEquals((await pipeline.run("start", "--detach")).code, 0);
  await moreLedgers(folder);
  const pids = await pipeline.pids();
  const sink = await pipeline.pidOf("sink");
  kill(sink, "SIGSTOP");
  kill(pids[0]!, "SIGKILL");

  const { code, output } = await pipeline.run("start", "--detach");
  assertEquals(code, 0, output);
  assertMatch(
    output,
    new RegExp(`arrow-analytics-sink, process ${sink} of an earlier run, .* killed`),
  );
  await allGone(pids);
  await moreLedgers(folder);
  assertEquals((await pipeline.run("stop")).code, 0);
  await assertWhole(folder);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("kill -9 of a detached manager leaves no component, and the next start goes on with whole data", async () => {
  const folder = await Deno.makeTempDir();
  await using pipeline = new PipelineCommands(simulatedTip(folder));
  assertEquals((await pipeline.run("start", "--detach")).code, 0);
  const committed = await moreLedgers(folder);
  const pids = await pipeline.pids();
  assertEquals(pids.length, 1 + COMPONENT_NAMES.length);
  kill(pids[0]!, "SIGKILL");
  await allGone(pids);
  assertEquals(pipeline.names().includes("manager.json"), true, "nothing stale is left to clean");
  assertEquals((await pipeline.run("status")).code, 3);

  const { code, output } = await pipeline.run("start", "--detach");
  assertEquals(code, 0, output);
  assertEquals((await pipeline.pids()).some((pid) => pids.includes(pid)), false);
  assertEquals(await moreLedgers(folder) > committed, true);
  assertEquals((await pipeline.run("stop")).code, 0);
  assertEquals(pipeline.names(), ["logs"]);
  await assertWhole(folder);
  await Deno.remove(folder, { recursive: true });
});
