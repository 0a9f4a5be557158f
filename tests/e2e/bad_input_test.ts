import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { readDeltaLog } from "./delta_table.ts";
import { tableEvents } from "./golden_event.ts";
import { type GoldenLake, makeGoldenLake } from "./golden_lake.ts";
import { allGone, PipelineProcess } from "./pipeline_process.ts";

interface Refused {
  readonly code: number;
  readonly output: string;
  readonly folder: string;
  readonly lake: GoldenLake;
}

/** Runs the golden lake with something wrong; answers how it ended. */
async function refused(
  spoil: (folder: string) => Promise<Record<string, string>>,
): Promise<Refused> {
  const folder = await Deno.makeTempDir();
  const lake = await makeGoldenLake(join(folder, "lake"));
  const env = {
    SOURCE_TYPE: "filesystem",
    STORAGE_PATH: lake.folder,
    VERIFY_LEDGERS: "off",
    VERIFY_CHAIN: "false",
    START_LEDGER: String(lake.start),
    END_LEDGER: String(lake.end),
    OUTPUT_PATH: join(folder, "out"),
  };
  await using pipeline = new PipelineProcess({ ...env, ...await spoil(folder) });
  const { code, output } = await pipeline.end();
  await allGone(pipeline.pids());
  return { code, output, folder, lake };
}

/** Holds the tables against the reference's events of the lake up to a ledger, and no others. */
async function keptUpTo(ledger: number, { folder, lake }: Refused): Promise<void> {
  const table = join(folder, "out/ttp_event");
  assertEquals((await readDeltaLog(table)).cursor, ledger);
  const due = lake.events.filter((event) => event.ledger_sequence <= ledger);
  assertEquals(due.length > 0, true, "the lake has no event to keep");
  assertEquals(await tableEvents(table), due);
}

async function batchFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) files.push(...await batchFiles(path));
    else if (/\.xdr\.zstd?$/.test(path)) files.push(path);
  }
  return files;
}

Deno.test("problems of several components are told at once, with 2, and nothing is started", async () => {
  const { code, output, folder } = await refused(() =>
    Promise.resolve({ STELLAR_ARROW_SOURCE_BATCH_SIZE: "0", OUTPUT_FORMATS: "xml" })
  );
  assertEquals(code, 2, output);
  assertStringIncludes(output, "BATCH_SIZE");
  assertStringIncludes(output, "OUTPUT_FORMATS");
  assertEquals(/starting/.test(output), false, output);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a taken port is named, with 1", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const { code, output, folder } = await refused(() =>
    Promise.resolve({ STELLAR_ARROW_SOURCE_PORT: String(port) })
  );
  assertEquals(code, 1, output);
  assertMatch(output, new RegExp(`STELLAR_ARROW_SOURCE_PORT: port ${port} .* is taken`));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("an output folder that cannot be written is named, with 1", async () => {
  const { code, output, folder } = await refused(async (folder) => {
    await Deno.writeTextFile(join(folder, "a-file"), "");
    return { OUTPUT_PATH: join(folder, "a-file", "out") };
  });
  assertEquals(code, 1, output);
  assertStringIncludes(output, join(folder, "a-file"));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a passphrase that disagrees with the lake's is refused as configuration, with 2", async () => {
  const { code, output, folder } = await refused(() =>
    Promise.resolve({ NETWORK_PASSPHRASE: "Another Network ; May 2020" })
  );
  assertEquals(code, 2, output);
  assertStringIncludes(output, "NETWORK_PASSPHRASE");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a torn file in the lake is named, with 1, and what came before it is kept", async () => {
  const run = await refused(async (folder) => {
    const files = await batchFiles(join(folder, "lake"));
    const torn = files.find((file) => file.includes("--4000002"))!;
    const bytes = await Deno.readFile(torn);
    await Deno.writeFile(torn, bytes.subarray(0, bytes.length / 2));
    return {};
  });
  assertEquals(run.code, 1, run.output);
  assertStringIncludes(run.output, "4000002");
  await keptUpTo(4000001, run);
  await Deno.remove(run.folder, { recursive: true });
});

Deno.test("a gap in the lake is named by its ledger, with 1, and how to go on is said", async () => {
  const { code, output, folder } = await refused(async (folder) => {
    const files = await batchFiles(join(folder, "lake"));
    await Deno.remove(files.find((file) => file.includes("--4000002."))!);
    return {};
  });
  assertEquals(code, 1, output);
  assertStringIncludes(output, "4000002");
  assertMatch(output, /allow.gaps/i);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("ledgers that do not link by hash stop the pipeline with the ledger, with 1, and what came before is kept", async () => {
  const run = await refused(() => Promise.resolve({ VERIFY_LEDGERS: "chain" }));
  assertEquals(run.code, 1, run.output);
  assertStringIncludes(run.output, "4000001");
  await keptUpTo(4000000, run);
  await Deno.remove(run.folder, { recursive: true });
});

Deno.test("a folder that is no lake is named, with 2", async () => {
  const { code, output, folder } = await refused((folder) =>
    Promise.resolve({ STORAGE_PATH: join(folder, "nowhere") })
  );
  assertEquals(code, 2, output);
  assertStringIncludes(output, join(folder, "nowhere"));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a second pipeline on the same tables is refused with the process that holds them, with 1", async () => {
  const folder = await Deno.makeTempDir();
  const env = {
    SOURCE_TYPE: "simulated",
    STORAGE_PATH: join(folder, "ledgers"),
    OUTPUT_PATH: join(folder, "out"),
  };
  await using first = new PipelineProcess(env);
  await first.written(/all components are ready/);
  await using second = new PipelineProcess({ ...env, STORAGE_PATH: join(folder, "other") });
  const { code, output } = await second.end();
  assertEquals(code, 1, output);
  assertMatch(output, new RegExp(`\\b${await first.pidOf("sink")}\\b`));
  first.signal("SIGTERM");
  assertEquals((await first.end()).code, 0);
  await Deno.remove(folder, { recursive: true });
});
