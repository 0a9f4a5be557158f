import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { decompressZstd, encodeBatch } from "../../stellar/lake/mod.ts";
import { corpusPath } from "./_corpus_ledgers.ts";

const MAIN = fromFileUrl(new URL("./ttp_events.ts", import.meta.url));
const TESTNET = "Test SDF Network ; September 2015";

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as a user would, with nothing but the permission to read. */
async function run(args: string[], input?: Uint8Array): Promise<Run> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-check", "--no-prompt", "--allow-read", MAIN, ...args],
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(input as Uint8Array<ArrayBuffer>);
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "");

Deno.test("a ledger's events come as JSON lines with the columns of ttp_event", async () => {
  const { code, out, err } = await run([corpusPath("meta-v1.xdr")]);
  assertEquals([code, err], [0, ""]);
  const rows = lines(out).map((line) => JSON.parse(line));
  assertEquals(rows.length, 7);
  assertEquals(rows[0].event_type, "fee");
  assertEquals(rows.map((row) => row.event_index), [0, 1, 2, 3, 4, 5, 6]);
});

Deno.test("the reference's form is the corpus' own, for a batch file of several protocols", async () => {
  const file = corpusPath("batch-4000000.xdr.zstd");
  const { code, out } = await run(["--format", "reference", "--network-passphrase", TESTNET, file]);
  assertEquals(code, 0);
  const due: unknown[] = [];
  for (let i = 0; i < 5; i++) {
    const text = await Deno.readTextFile(corpusPath(`batch-public-${i}.events.ndjson`));
    due.push(...lines(text).map((line) => JSON.parse(line)));
  }
  assertEquals(lines(out).map((line) => JSON.parse(line)), due);
});

Deno.test("CSV has one header, whatever the number of files", async () => {
  const files = ["meta-v1.xdr", "envelope-v0.xdr"].map(corpusPath);
  const { out } = await run(["--format", "csv", ...files]);
  const rows = out.split("\r\n").filter((line) => line !== "");
  assertEquals(rows.filter((line) => line.startsWith("event_id,")).length, 1);
  assert(rows.length > 8);
});

Deno.test("standard input is read, and a batch that is not compressed", async () => {
  const ledger = await Deno.readFile(corpusPath("meta-v1.xdr"));
  const plain = await run(["-"], ledger);
  assertEquals([plain.code, lines(plain.out).length], [0, 7]);
  const batch = encodeBatch(3000172, [ledger]);
  const uncompressed = decompressZstd(batch, 1 << 20);
  const second = await run(["-"], uncompressed);
  assertEquals(second.out, plain.out);
});

Deno.test("a bad file is named with its reason, and the other files are still done", async () => {
  const { code, out, err } = await run([
    "--format",
    "reference",
    corpusPath("bad/v1-minus-4.xdr"),
    corpusPath("err-deposit-zero.xdr"),
    "no/such/file.xdr",
    corpusPath("meta-v1.xdr"),
  ]);
  assertEquals(code, 1);
  assertEquals(lines(out).length, 7);
  const errors = lines(err);
  assertEquals(errors.length, 3, err);
  assert(errors[0]!.includes("v1-minus-4.xdr: Ledger 3"), errors[0]);
  assert(errors[1]!.includes("err-deposit-zero.xdr: Ledger 3000204"), errors[1]);
  assert(errors[2]!.startsWith("no/such/file.xdr: "), errors[2]);
});

Deno.test("a folder is read in the order of its ledgers", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // Names of a lake sort the newest ledger first.
    for (const name of ["meta-v1", "envelope-v0"]) {
      const ledger = await Deno.readFile(corpusPath(`${name}.xdr`));
      const facts = JSON.parse(await Deno.readTextFile(corpusPath(`${name}.ledger.json`)));
      const prefix = (0xffffffff - facts.sequence).toString(16).toUpperCase().padStart(8, "0");
      const file = join(folder, `${prefix}--${facts.sequence}.xdr.zst`);
      await Deno.writeFile(file, encodeBatch(facts.sequence, [ledger]));
    }
    const { out } = await run([folder]);
    const sequences = lines(out).map((line) => JSON.parse(line).ledger_sequence as number);
    assertEquals(new Set(sequences).size, 2);
    assertEquals(sequences, sequences.toSorted((a, b) => a - b));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("--stats counts the measured repeats only, and events are printed once", async () => {
  const file = corpusPath("meta-v1.xdr");
  const { code, out, err } = await run(["--stats", "--repeat", "20", file]);
  assertEquals([code, lines(out).length], [0, 7]);
  const stats = JSON.parse(lines(err).at(-1)!);
  assertEquals(Object.keys(stats), ["ledgers", "events", "bytes", "seconds"]);
  assertEquals([stats.ledgers, stats.events, stats.bytes], [18, 18 * 7, 18 * 2852]);
  assert(stats.seconds > 0);
  const once = JSON.parse(lines((await run(["--stats", "--format", "none", file])).err).at(-1)!);
  assertEquals([once.ledgers, once.events, once.bytes], [1, 7, 2852]);
});

Deno.test("an unknown network asks for its passphrase, which then serves", async () => {
  const file = corpusPath("custom-passphrase.xdr");
  const unknown = await run([file]);
  assertEquals(unknown.code, 1);
  assert(unknown.err.includes("--network-passphrase"), unknown.err);
  const manifest = JSON.parse(await Deno.readTextFile(corpusPath("manifest.json")));
  const { passphrase } = manifest.cases.find((c: { name: string }) =>
    c.name === "custom-passphrase"
  );
  const known = await run(["--network-passphrase", passphrase, file]);
  assertEquals([known.code, lines(known.out).length], [0, 2]);
});

Deno.test("files of several networks are each read by their own", async () => {
  const { code, out } = await run([corpusPath("pubnet-synthetic.xdr"), corpusPath("meta-v1.xdr")]);
  assertEquals([code, lines(out).length], [0, 9]);
});

Deno.test("a .config.json of some other program is left alone", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(folder, ".config.json"), '{"theme": "dark"}');
    const ledger = await Deno.readFile(corpusPath("meta-v1.xdr"));
    await Deno.writeFile(join(folder, "FFD23893--3000172.xdr.zst"), encodeBatch(3000172, [ledger]));
    const { code, out, err } = await run([folder]);
    assertEquals([code, err, lines(out).length], [0, "", 7]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("wrong usage is told with what would be right, exit status 2", async () => {
  for (
    const [args, part] of [
      [[], "Name a file"],
      [["--format", "xml", "-"], "ndjson, csv, reference, none"],
      [["--mode", "both", "-"], "reconstructed, unified"],
      [["--repeat", "0", "-"], "whole number"],
      [["--fromat", "csv", "-"], "--fromat"],
    ] as const
  ) {
    const { code, out, err } = await run([...args]);
    assertEquals([code, out], [2, ""], args.join(" "));
    assert(err.includes(part), err);
  }
  const help = await run(["--help"]);
  assertEquals(help.code, 0);
  assert(help.out.includes("Examples:"));
});

Deno.test("--verify is silent for proven ledgers, and tells each balance that does not add up", async () => {
  const proven = await run(["--verify", corpusPath("footprint-ops-with-events.xdr")]);
  assertEquals([proven.code, proven.err], [0, ""]);
  assert(lines(proven.out).length > 0);
  // A synthetic ledger whose balances do not add up; see tests/conformance/balance_mismatches.json.
  const broken = await run(["--verify", corpusPath("account-merge-p22v1m3.xdr")]);
  const told = lines(broken.err);
  assertEquals([broken.code, told.length], [1, 10]);
  for (const line of told) {
    assert(
      /transaction \d+ \([0-9a-f]{64}\): the balance of [GBL]\w+ in \S+ changes by/.test(line),
    );
  }
  const plain = await run([corpusPath("account-merge-p22v1m3.xdr")]);
  assertEquals([plain.code, plain.err, plain.out], [0, "", broken.out]);
});

Deno.test("--verify tells of a ledger that cannot be proven, and prints its events", async () => {
  const { code, out, err } = await run(["--verify", corpusPath("meta-v0.xdr")]);
  assertEquals([code, lines(err).length], [1, 1]);
  assert(err.includes("TransactionMeta v0"), err);
  assert(lines(out).length > 0);
});
