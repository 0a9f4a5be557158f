/**
 * This project and the Go reference over the same ledgers, in turns within one run, each on one
 * thread: `deno task bench:peers [--rounds N] [--ledgers N]`.
 *
 * Machines are noisy, so the ratio of the medians counts, not the times.
 */
import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl, join } from "@std/path";
import { buildGoPeer, type GoPeer } from "./go_peer.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

const PUBNET = "Public Global Stellar Network ; September 2015";

/** What both sides print of their measured repeats. */
interface Figures {
  readonly ledgers: number;
  readonly events: number;
  readonly bytes: number;
  readonly seconds: number;
}

interface Input {
  readonly name: string;
  readonly passphrase: string;
  readonly files: readonly string[];
}

/** Ledgers of the simulated network as large as today's on pubnet. */
const SIMULATED_LEDGERS = 20;
const SIMULATED_TRANSACTIONS = 350;

/** Ledgers that each side goes over in one run: enough that compiling the code does not count. */
const LEDGERS_A_RUN = 1_500;

async function run(command: string, args: readonly string[]): Promise<[string, string]> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: ROOT,
    stdin: "null",
  }).output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (code !== 0) throw new Error(`${command} ${args[0]} ended with code ${code}: ${error}`);
  return [out!, error!];
}

async function ours(input: Input, repeat: number): Promise<Figures> {
  const options = ["--stats", "--format", "none", "--repeat", String(repeat)];
  const [, error] = await run(Deno.execPath(), [
    "task",
    "-q",
    "ttp:events",
    "--network-passphrase",
    input.passphrase,
    ...options,
    ...input.files,
  ]);
  return JSON.parse(error.trim().split("\n").at(-1) ?? "");
}

async function theirs(peer: GoPeer, input: Input, repeat: number): Promise<Figures> {
  const [out] = await run(peer.path, [
    "bench",
    "--network-passphrase",
    input.passphrase,
    "--repeat",
    String(repeat),
    ...input.files,
  ]);
  return JSON.parse(out);
}

/** Everything to measure that this machine has. */
async function inputs(folder: string): Promise<Input[]> {
  const lake = join(folder, "lake");
  await run(Deno.execPath(), [
    "task",
    "-q",
    "simulate",
    "--out",
    lake,
    "--ledgers",
    String(SIMULATED_LEDGERS),
    "--seed",
    "1",
    "--transactions",
    String(SIMULATED_TRANSACTIONS),
  ]);
  const config = JSON.parse(await Deno.readTextFile(join(lake, ".config.json")));
  const found: Input[] = [{
    name: `simulated, ${SIMULATED_TRANSACTIONS} transactions a ledger`,
    passphrase: config.networkPassphrase,
    files: await ledgerFiles(lake),
  }];
  const real = await ledgerFiles(join(ROOT, "../shared/golden-real/lake"));
  if (real.length > 0) found.push({ name: "pubnet, protocol 26", passphrase: PUBNET, files: real });
  const one = join(ROOT, "../shared/golden/FCD285FF--53312000.xdr.zstd");
  if (await exists(one)) found.push({ name: "pubnet 53312000", passphrase: PUBNET, files: [one] });
  return found;
}

async function ledgerFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  if (!await exists(folder)) return files;
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) files.push(...await ledgerFiles(path));
    else if (/\.xdr\.zstd?$/.test(entry.name)) files.push(path);
  }
  return files.sort();
}

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

async function compare(peer: GoPeer, input: Input, rounds: number, repeat: number): Promise<void> {
  const speeds = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const mine = await ours(input, repeat);
    const reference = await theirs(peer, input, repeat);
    if (mine.events !== reference.events || mine.ledgers !== reference.ledgers) {
      throw new Error(
        `${input.name}: ${mine.events} events of ${mine.ledgers} ledgers here, ` +
          `${reference.events} of ${reference.ledgers} by the reference`,
      );
    }
    speeds.ours.push(mine.ledgers / mine.seconds);
    speeds.theirs.push(reference.ledgers / reference.seconds);
  }
  const [mine, reference] = [median(speeds.ours), median(speeds.theirs)];
  console.log(
    `${input.name.padEnd(40)} ${mine.toFixed(0).padStart(8)} ${reference.toFixed(0).padStart(8)}` +
      ` ${(mine / reference).toFixed(2).padStart(7)} ×`,
  );
}

if (import.meta.main) {
  const args = parseArgs(Deno.args, { default: { rounds: 5, ledgers: LEDGERS_A_RUN } });
  const peer = await buildGoPeer();
  if (typeof peer === "string") console.log(`skipped: ${peer}`);
  else {
    const folder = await Deno.makeTempDir({ prefix: "peers-" });
    try {
      console.log(`${"ledgers/s".padEnd(40)} ${"ours".padStart(8)} ${"Go".padStart(8)}   ratio`);
      for (const input of await inputs(folder)) {
        const repeat = Math.ceil(Number(args.ledgers) / input.files.length);
        await compare(peer, input, Number(args.rounds), repeat);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
}
