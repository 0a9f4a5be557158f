import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { decodeBatch, FilesystemLake } from "../lake/mod.ts";
import { LedgerSimulator, SIMULATED_PASSPHRASE } from "./ledger_simulator.ts";
import { simulate } from "./simulate.ts";

async function run(...args: string[]) {
  const out: string[] = [], err: string[] = [];
  const code = await simulate(args, {
    log: (text) => out.push(text),
    error: (text) => err.push(text),
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

Deno.test("a lake of simulated ledgers is written and summed up", async () => {
  const dir = await Deno.makeTempDir(), lakeDir = join(dir, "lake");
  const { code, out, err } = await run("--out", lakeDir, "--ledgers", "12", "--seed", "s");
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "Wrote 12 ledgers, 2 to 13, ");
  const lake = await FilesystemLake.open(lakeDir, { clock: neverWaiting });
  assertEquals(await lake.bounds(), { first: 2, last: 13 });
  assertEquals(lake.config?.networkPassphrase, SIMULATED_PASSPHRASE);
  const simulator = new LedgerSimulator({ seed: "s" });
  for await (const batch of lake.read({ startSequence: 2, endSequence: 13 })) {
    assertEquals(batch.ledgers[0], simulator.next());
  }
  await Deno.remove(dir, { recursive: true });
});

Deno.test("the last of several files is filled up with ledgers", async () => {
  const dir = await Deno.makeTempDir();
  const { code, out } = await run("--out", dir, "--ledgers", "20", "--ledgers-per-file", "16");
  assertEquals(code, 0);
  assertStringIncludes(out, "Wrote 30 ledgers, 2 to 31 (10 more than asked");
  const file = join(dir, "FFFFFFFF--0-1023999", "FFFFFFEF--16-31.xdr.zst");
  assertEquals(decodeBatch(await Deno.readFile(file)).ledgers.length, 16);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("wrong arguments end with 2 and say what would be right", async () => {
  const dir = await Deno.makeTempDir();
  for (
    const [args, message] of [
      [["--ledgers", "5"], "--out is missing, as in --out ./data/lake."],
      [["--out", dir], "--ledgers is missing, as in --ledgers 1000."],
      [["--out", dir, "--ledgers", "x"], '--ledgers is "x": it must be a whole number from 1'],
      [["--out", dir, "--ledgers", "5", "--speed", "9"], '"--speed" is no argument'],
      [["--out", dir, "--ledgers", "5", "extra"], '"extra" is no argument'],
      [["--out", dir, "--ledgers", "5", "--protocol", "6"], "Protocol 6 cannot be simulated"],
    ] as [string[], string][]
  ) {
    const { code, err } = await run(...args);
    assertEquals(code, 2);
    assertStringIncludes(err, message);
  }
  await Deno.remove(dir, { recursive: true });
});

Deno.test("a folder with ledgers, or one that cannot be made, is not written to", async () => {
  const dir = await Deno.makeTempDir();
  await run("--out", dir, "--ledgers", "3");
  const again = await run("--out", dir, "--ledgers", "3", "--seed", "other");
  assertEquals(again.code, 2);
  assertStringIncludes(again.err, "holds ledgers already");
  const file = join(dir, "file");
  await Deno.writeTextFile(file, "");
  const impossible = await run("--out", join(file, "lake"), "--ledgers", "3");
  assertEquals(impossible.code, 1);
  assertStringIncludes(impossible.err, file);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("help has examples and ends with 0", async () => {
  const { code, out } = await run("--help");
  assertEquals(code, 0);
  assert(out.includes("Examples:"));
});

const neverWaiting = { monotonic: () => 0, sleep: () => Promise.resolve() };
