import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type FlightBatch, FlightError } from "../../flight/mod.ts";
import { ConfigError } from "../../flowctl/mod.ts";
import { Networks } from "../../stellar/mod.ts";
import { SIMULATED_PASSPHRASE } from "../../stellar/simulated/mod.ts";
import { openBackend } from "./backends/mod.ts";
import { StellarArrowSource } from "./stellar_arrow_source.ts";
import { RunningSource } from "./_running_source.ts";
import { TestLake } from "./_test_lake.ts";

const golden = new URL("../../tests/conformance/golden/", import.meta.url);

function column(batches: FlightBatch[], name: string): unknown[] {
  return batches.flatMap(({ batch }) => [...batch.getChild(name)!]);
}

async function refusal(promise: Promise<unknown>, said: string): Promise<string> {
  return (await assertRejects(() => promise, FlightError, said) as FlightError).code;
}

Deno.test("the corpus' batch file comes back over Flight byte for byte, its network found by hashes", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const file = await Deno.readFile(new URL("batch-4000000.xdr.zstd", golden));
    await Deno.writeFile(`${dir}/FFC2F6FF--4000000-4000004.xdr.zstd`, file);
    // The corpus' ledgers are made one by one and do not link.
    await using running = await RunningSource.start({
      STORAGE_PATH: dir,
      VERIFY_LEDGERS: "off",
      COMPRESSION: "none",
      BATCH_SIZE: "2",
    });
    assertEquals(running.network, Networks.testnet);
    const batches = await running.read(4_000_000, 4_000_004);
    const expected = [0, 1, 2, 3, 4].map((i) =>
      Deno.readFileSync(new URL(`batch-public-${i}.xdr`, golden))
    );
    assertEquals(column(batches, "ledger_xdr"), expected);
    assertEquals(column(batches, "sequence"), [4000000, 4000001, 4000002, 4000003, 4000004]);
    assertEquals(batches.map(({ metadata: { read_at_ms: _when, ...metadata } }) => metadata), [
      { first_ledger: 4000000, last_ledger: 4000001, tip: 4000004 },
      { first_ledger: 4000002, last_ledger: 4000003, tip: 4000004 },
      { first_ledger: 4000004, last_ledger: 4000004, tip: 4000004 },
    ]);
    assertEquals(batches[0]!.batch.schema.metadata.get("network_passphrase"), Networks.testnet);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("several readers read different ranges at once, and each gets its own", async () => {
  await using test = await TestLake.create(2, 60);
  await using running = await RunningSource.start({ STORAGE_PATH: test.dir, BATCH_SIZE: "7" });
  const ranges = [[2, 60], [30, 40], [59, 60], [2, 2]] as const;
  const read = await Promise.all(ranges.map(([first, last]) => running.read(first, last)));
  for (const [i, [first, last]] of ranges.entries()) {
    assertEquals(
      column(read[i]!, "sequence"),
      Array.from({ length: last - first + 1 }, (_, k) => first + k),
    );
  }
});

Deno.test("a request without a range takes START_LEDGER and END_LEDGER, which narrow no other request", async () => {
  await using test = await TestLake.create(2, 20);
  const variables = { STORAGE_PATH: test.dir, START_LEDGER: "5", END_LEDGER: "8" };
  await using running = await RunningSource.start(variables);
  assertEquals(column(await running.read(), "sequence"), [5, 6, 7, 8]);
  assertEquals(column(await running.read(7), "sequence"), [7, 8]);
  assertEquals(column(await running.read(3, 4), "sequence"), [3, 4]);
  assertEquals(column(await running.read(18, 20), "sequence"), [18, 19, 20]);
});

Deno.test("a reader that follows the tip gets each ledger as it is written", async () => {
  await using test = await TestLake.create(2, 9);
  for (const sequence of [8, 9]) await Deno.remove(test.path(sequence));
  await using running = await RunningSource.start({ STORAGE_PATH: test.dir });
  const abort = new AbortController();
  const seen: number[] = [];
  const request = { dataset: "stellar_ledger", startLedger: 6 };
  for await (const { metadata } of running.client.doGet(request, abort.signal)) {
    seen.push(metadata.last_ledger);
    if (metadata.last_ledger === 9) break;
    await test.write(metadata.last_ledger + 1, metadata.last_ledger + 1);
  }
  assertEquals(seen, [7, 8, 9]);
});

Deno.test("a gap, a damaged file and a ledger before the first reach the client with code and sentence", async () => {
  await using test = await TestLake.create(5, 20);
  await using running = await RunningSource.start({ STORAGE_PATH: test.dir });
  await Deno.remove(test.path(9));
  await Deno.writeTextFile(test.path(15), "<html>404</html>");
  assertEquals(
    await refusal(running.read(4, 6), "Ledger 4 is before the first ledger"),
    "OUT_OF_RANGE",
  );
  assertEquals(
    await refusal(
      Array.fromAsync(running.client.doGet({
        dataset: "stellar_ledger",
        filters: { event_types: ["mint"] },
      })),
      "takes no filters",
    ),
    "INVALID_ARGUMENT",
  );
  // What a client asks for wrongly is counted and says nothing of the source.
  assertEquals(running.source.health().status, "healthy");
  assertStringIncludes(
    await running.context.metrics.text(),
    "stellar_arrow_source_failed_streams_total 2\n",
  );
  assertEquals(await refusal(running.read(5, 12), "Ledger 9 is missing"), "DATA_LOSS");
  assertEquals(await refusal(running.read(10, 20), "FFFFFFF0--15.xdr.zst is damaged"), "DATA_LOSS");
  const { status, details } = running.source.health();
  assertEquals([status, details["tip"]], ["degraded", 20]);
  assertStringIncludes(String(details["error"]), "FFFFFFF0--15.xdr.zst is damaged");
  assertEquals(column(await running.read(16, 20), "sequence"), [16, 17, 18, 19, 20]);
  assertEquals(running.source.health().status, "healthy");
});

Deno.test("what is described, counted and measured is what is there", async () => {
  await using test = await TestLake.create(2, 20);
  await using running = await RunningSource.start({ STORAGE_PATH: test.dir });
  const info = await running.client.getFlightInfo({
    dataset: "stellar_ledger",
    startLedger: 3,
    endLedger: 12,
  });
  assertEquals(info.totalRecords, 10);
  assertEquals(running.source.health().progress?.ledger, null);
  await running.read(3, 12);
  const { progress, ...health } = running.source.health();
  const { lag_seconds, ...counts } = progress!;
  assert(lag_seconds! > 0);
  assertEquals({ ...health, progress: counts }, {
    status: "healthy",
    progress: {
      ledger: 12,
      tip: 20,
      ledgers_total: 10,
      events_total: null,
      bytes_total: running.source.health().details["bytes_total"] as number,
      errors_total: 0,
    },
    flow: running.source.health().flow!,
    details: {
      last_ledger_sent: 12,
      first: 2,
      tip: 20,
      ledgers_total: 10,
      batches_total: 1,
      bytes_total: running.source.health().details["bytes_total"],
      bad_ledgers_total: 0,
      active_streams: 0,
    },
  });
  const text = await running.context.metrics.text();
  assertStringIncludes(text, "stellar_arrow_source_ledgers_total 10\n");
  assertStringIncludes(text, "stellar_arrow_source_tip_ledger 20\n");
  const [stats] = await running.client.doAction("stats") as [Record<string, unknown>];
  assertEquals(stats["ledgers_total"], 10);
});

Deno.test("what a consumer tells of its load is shown, and paces its reader", async () => {
  await using test = await TestLake.create(2, 20);
  await using running = await RunningSource.start({ STORAGE_PATH: test.dir });
  const { client, source } = running;
  const word = {
    consumer: "processor",
    load: 0.9,
    backpressure: true,
    throttle: 0.5,
    ledgers_per_second: 40,
    bytes_per_second: null,
    reason: "queue_full",
    valid_ms: 60_000,
  };
  assertEquals(await client.doAction("flow_signal", word), []);
  const { consumers, ...flow } = source.health().flow!;
  assertEquals(consumers, [{
    consumer: "processor",
    load_ratio: 0.9,
    backpressure_active: true,
    throttle_rate: 0.5,
    ledgers_per_second: 40,
    reason: "queue_full",
  }]);
  const { backpressure_active, throttle_rate, ledgers_per_second_limit, load_ratio, reason } = flow;
  assertEquals(
    [backpressure_active, throttle_rate, ledgers_per_second_limit, load_ratio, reason],
    [true, 0.5, 40, 0, "slow_consumer"],
  );
  // In batches of a quarter of a second.
  const batches = await running.read(2, 20);
  assertEquals(batches.map(({ batch }) => batch.numRows), [10, 9]);
  const error = await assertRejects(
    () => client.doAction("flow_signal", { ...word, load: -1 }),
    FlightError,
    "field load is -1",
  );
  assertEquals(error.code, "INVALID_ARGUMENT");
});

Deno.test("the action verify checks ledgers in full and names what is wrong", async () => {
  await using test = await TestLake.create(2, 20);
  await using running = await RunningSource.start({ STORAGE_PATH: test.dir });
  assertEquals(await running.client.doAction("verify"), [
    { first_ledger: 2, last_ledger: 20, checked: 19, problems: [] },
  ]);
  await Deno.remove(test.path(9));
  // The newest file could be one that is being written: the call is answered nevertheless.
  for (const sequence of [12, 20]) await Deno.writeFile(test.path(sequence), new Uint8Array(5));
  const range = { start_ledger: 5, end_ledger: 20 };
  const [report] = await running.client.doAction("verify", range) as [
    { checked: number; problems: { ledger: number }[] },
  ];
  assertEquals(report.checked, 13);
  assertEquals(report.problems.map(({ ledger }) => ledger), [9, 12, 20]);
  assertEquals(
    await refusal(running.client.doAction("verify", { start_ledger: 1 }), "2 to 20 are there"),
    "OUT_OF_RANGE",
  );
  assertEquals(
    await refusal(running.client.doAction("verify", { start_ledger: "x" }), "start_ledger"),
    "INVALID_ARGUMENT",
  );
});

Deno.test("a wrong passphrase and a folder that is not there are configuration errors that name the variable", async () => {
  await using test = await TestLake.create(2, 6);
  for (
    const [variable, variables] of [
      ["NETWORK_PASSPHRASE", { STORAGE_PATH: test.dir, NETWORK_PASSPHRASE: Networks.pubnet }],
      ["STORAGE_PATH", { STORAGE_PATH: `${test.dir}/nowhere` }],
    ] as const
  ) {
    const context = RunningSource.context(variables);
    const source = new StellarArrowSource(context, openBackend);
    const error = await assertRejects(() => source.start(), ConfigError) as ConfigError;
    assertEquals(error.problems.map((problem) => problem.variable), [variable]);
    await source.stop();
  }
  await using running = await RunningSource.start({ STORAGE_PATH: test.dir });
  assertEquals(running.network, SIMULATED_PASSPHRASE);
});

Deno.test("a lake whose network nobody tells is refused in one plain line", async () => {
  await using test = await TestLake.create(2, 6);
  await Deno.remove(`${test.dir}/.config.json`);
  const source = new StellarArrowSource(
    RunningSource.context({ STORAGE_PATH: test.dir }),
    openBackend,
  );
  const error = await assertRejects(() => source.start(), ConfigError) as ConfigError;
  assertStringIncludes(
    error.message,
    `NETWORK_PASSPHRASE: must be the passphrase of the ledgers' network: ${test.dir} has ` +
      "transactions, in ledger 2, that are not of pubnet, testnet or futurenet, and no .config.json " +
      `that names their network; for example NETWORK_PASSPHRASE="${SIMULATED_PASSPHRASE}"`,
  );
  await source.stop();
});

Deno.test("ledgers put into quarantine are counted once, however often they are read", async () => {
  await using test = await TestLake.create(2, 9);
  await Deno.writeFile(test.path(5), new Uint8Array(3));
  await using running = await RunningSource.start({
    STORAGE_PATH: test.dir,
    ON_BAD_LEDGER: "quarantine",
    QUARANTINE_PATH: `${test.dir}/quarantine`,
  });
  for (let i = 0; i < 3; i++) {
    assertEquals(column(await running.read(3, 7), "sequence"), [3, 4, 6, 7]);
  }
  assertEquals(running.source.health().details["bad_ledgers_total"], 1);
  assertStringIncludes(
    await running.context.metrics.text(),
    "stellar_arrow_source_bad_ledgers_total 1\n",
  );
});

Deno.test("the simulated network is served while it makes its history, and goes on after a restart", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const variables = {
      SOURCE_TYPE: "simulated",
      STORAGE_PATH: dir,
      SIMULATED_SEED: "night",
      SIMULATED_TRANSACTIONS: "1",
      SIMULATED_LEDGER_INTERVAL: "1h",
      VERIFY_LEDGERS: "full",
    };
    const first = await readAndStop(variables, 2, 30);
    assertEquals(first.length, 29);
    assertEquals(await readAndStop(variables, 2, 40).then((hashes) => hashes.slice(0, 29)), first);
    const other = { ...variables, SIMULATED_SEED: "day" };
    assertEquals((await readAndStop(other, 2, 30)).some((hash) => first.includes(hash)), false);
    await using lake = await RunningSource.start({
      STORAGE_PATH: `${dir}/simulated-night`,
      SOURCE_TYPE: "filesystem",
    });
    assertEquals(lake.network, SIMULATED_PASSPHRASE);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

async function readAndStop(
  variables: Record<string, string>,
  startLedger: number,
  endLedger: number,
): Promise<string[]> {
  await using running = await RunningSource.start(variables);
  const hashes = column(await running.read(startLedger, endLedger), "hash") as Uint8Array[];
  return hashes.map((hash) => hash.toHex());
}

Deno.test("a folder that holds a lake gets no simulated ledgers", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/.config.json`, "{}");
    await assertRejects(
      () => RunningSource.start({ SOURCE_TYPE: "simulated", STORAGE_PATH: dir }),
      ConfigError,
      "SOURCE_TYPE=filesystem",
    );
    assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), [".config.json"]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
