/**
 * Real ledgers of pubnet through the three processes. They are too large for the repository and lie
 * beside it where they are; elsewhere these tests are skipped.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { buildGoPeer, referenceEvents } from "../../bench/peers/mod.ts";
import { parseEvents, tableEvents } from "./golden_event.ts";
import { PipelineProcess } from "./pipeline_process.ts";

const SHARED = fromFileUrl(new URL("../../../shared/", import.meta.url));
const LAKE = join(SHARED, "golden-real/lake");
const BATCH = join(SHARED, "golden/FCD285FF--53312000.xdr.zstd");
const EVENTS = join(SHARED, "golden/real-53312000.events.ndjson");
const PUBNET = "Public Global Stellar Network ; September 2015";

async function exists(...paths: string[]): Promise<boolean> {
  for (const path of paths) if (!await Deno.stat(path).then(() => true, () => false)) return false;
  return true;
}

const hasBatch = await exists(BATCH, EVENTS);
const built = await exists(LAKE) ? await buildGoPeer() : "there is no real lake";
if (!hasBatch) console.log("skipped: there is no real ledger 53312000");
if (typeof built === "string") console.log(`skipped: ${built}`);

async function run(lake: string, range: { start: number; end: number }, output: string) {
  await using pipeline = new PipelineProcess({
    SOURCE_TYPE: "filesystem",
    STORAGE_PATH: lake,
    START_LEDGER: String(range.start),
    END_LEDGER: String(range.end),
    OUTPUT_PATH: output,
  });
  const end = await pipeline.end();
  assertEquals(end.code, 0, end.output);
  return end.output;
}

Deno.test({
  name: "ledger 53312000 of an old lake without a description gives exactly the reference's events",
  ignore: !hasBatch,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    await Deno.mkdir(join(folder, "lake"));
    await Deno.copyFile(BATCH, join(folder, "lake", "FCD285FF--53312000.xdr.zstd"));
    const output = join(folder, "out");
    const said = await run(join(folder, "lake"), { start: 53312000, end: 53312000 }, output);
    assertMatch(said, /ledgers +1, committed up to ledger 53312000/);
    const events = await tableEvents(join(output, "ttp_event"));
    const expected = parseEvents(await Deno.readTextFile(EVENTS));
    assertEquals(events, expected);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "a real lake of today's ledgers gives exactly the Go reference's events",
  ignore: typeof built === "string",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const files: string[] = [];
    for await (const partition of Deno.readDir(LAKE)) {
      if (!partition.isDirectory) continue;
      for await (const { name } of Deno.readDir(join(LAKE, partition.name))) {
        if (name.includes(".xdr.zst")) files.push(join(LAKE, partition.name, name));
      }
    }
    // Names begin with what is left to the largest ledger, so the newest come first.
    files.sort().reverse();
    const ledgers = files.map((file) => Number(/--(\d+)\.xdr/.exec(file)![1]));
    const range = { start: ledgers[0]!, end: ledgers.at(-1)! };
    await run(LAKE, range, folder);
    const options = { mode: "reconstructed", passphrase: PUBNET } as const;
    if (typeof built === "string") throw new Error(built);
    const reference = await referenceEvents(built, options, files);
    const events = await tableEvents(join(folder, "ttp_event"));
    assertEquals(
      events,
      parseEvents(reference.events),
    );
    await Deno.remove(folder, { recursive: true });
  },
});
