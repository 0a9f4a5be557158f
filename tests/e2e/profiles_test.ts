import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { readDeltaLog, readRows, type Row } from "./delta_table.ts";
import { allGone, managerCommand, PipelineProcess } from "./pipeline_process.ts";
import { makeSimulatedLake } from "./simulated_lake.ts";

/** Ledgers that each profile adds. */
const LEDGERS = 40;
const FIRST_LEDGER = 2;

/** The profiles in the order in which they take over the tables, and what each says of flowctl. */
const PROFILES = [
  { name: "local", flowctl: /flowctl +off/ },
  { name: "flowctl", flowctl: /flowctl +on, .*heartbeat 10s, pool 2–10/ },
  { name: "development", flowctl: /flowctl +on, .*heartbeat 5s, pool 1–5/ },
  { name: "production", flowctl: /flowctl +on, .*heartbeat 15s, pool 5–20/ },
] as const;

/** An address of this machine where nobody listens. */
function deadEndpoint(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
}

/** Runs a profile up to a ledger; answers what it said. */
async function run(profile: string, env: Record<string, string>, last: number): Promise<string> {
  const command = managerCommand("start", profile);
  const until = { END_LEDGER: String(last), FLOWCTL_ENDPOINT: deadEndpoint() };
  await using pipeline = new PipelineProcess({ ...env, ...until }, command);
  const { code, output } = await pipeline.end();
  assertEquals(code, 0, output);
  await allGone(pipeline.pids());
  return output;
}

/** Whether a run said that it had a control plane of its own. */
function startsControlPlane(said: string): boolean {
  return /starting flowctl, process/.test(said);
}

/** Rows of both tables, each in its order. */
async function allRows(output: string): Promise<Row[]> {
  const events = await readRows(join(output, "ttp_event"));
  const ledgers = await readRows(join(output, "ledger"));
  events.sort((a, b) => String(a.event_id) < String(b.event_id) ? -1 : 1);
  ledgers.sort((a, b) => Number(a.sequence) - Number(b.sequence));
  return [...events, ...ledgers];
}

Deno.test("each profile takes the tables over from the one before, also where its control plane is absent", async (t) => {
  const folder = await Deno.makeTempDir();
  const lake = join(folder, "lake");
  await makeSimulatedLake(lake, { ledgers: PROFILES.length * LEDGERS, seed: 3 });
  const env = {
    SOURCE_TYPE: "filesystem",
    STORAGE_PATH: lake,
    PIPELINE_START_CONTROL_PLANE: "false",
  };
  const switching = join(folder, "switching");
  let last = FIRST_LEDGER - 1;
  for (const { name, flowctl } of PROFILES) {
    last += LEDGERS;
    await t.step(name, async () => {
      const said = await run(name, { ...env, OUTPUT_PATH: switching }, last);
      for (const component of ["source", "processor", "sink"]) {
        assertMatch(said, new RegExp(`^${component} +│ +${flowctl.source}`, "m"));
      }
      assertEquals(startsControlPlane(said), false, said);
      assertMatch(said, new RegExp(`${LEDGERS} ledgers in .* by this run`));
      assertEquals((await readDeltaLog(join(switching, "ttp_event"))).cursor, last);
    });
  }
  await t.step("together they store what one run stores", async () => {
    const alone = join(folder, "alone");
    await run("local", { ...env, OUTPUT_PATH: alone }, last);
    const rows = await allRows(switching);
    assertEquals(rows.filter((row) => "sequence" in row).length, PROFILES.length * LEDGERS);
    assertEquals(rows, await allRows(alone));
  });
  await Deno.remove(folder, { recursive: true });
});

for (
  const [name, hasFlowctl] of [["local", false], ["flowctl", true], ["development", true]] as const
) {
  Deno.test(`${name} needs nothing but its name: the simulated network flows into tables`, async () => {
    const folder = await Deno.makeTempDir();
    const env = { STORAGE_PATH: join(folder, "ledgers"), OUTPUT_PATH: join(folder, "out") };
    const said = await run(name, env, FIRST_LEDGER + LEDGERS - 1);
    assertMatch(said, /^source +│ +upstream +simulated network/m);
    assertEquals(startsControlPlane(said), hasFlowctl, said);
    assertEquals((await readRows(join(folder, "out/ledger"))).length, LEDGERS);
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("production without SOURCE_TYPE starts nothing, names the variable, and ends with 2", async () => {
  await using pipeline = new PipelineProcess({}, managerCommand("start", "production"));
  const { code, output } = await pipeline.end();
  assertEquals(code, 2, output);
  assertMatch(output, /SOURCE_TYPE/);
  assertEquals(pipeline.pids(), [pipeline.pid]);
});
