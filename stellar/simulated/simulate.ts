import { parseArgs } from "@std/cli/parse-args";
import { LakeError, LakeWriter } from "../lake/mod.ts";
import { lastLedgerFile } from "./lake_end.ts";
import {
  DEFAULT_TRANSACTIONS,
  FIRST_SIMULATED_LEDGER,
  LedgerSimulator,
  SIMULATED_PASSPHRASE,
  SIMULATED_PROTOCOLS,
  SimulationError,
  type SimulationOptions,
} from "./ledger_simulator.ts";

/** Ledgers that one call writes at most: a year of a real network. */
const MAX_LEDGERS = 6_307_200;
/** Ledgers in one file at most: more of pubnet's size would not fit in a batch. */
const MAX_LEDGERS_PER_FILE = 64;

const HELP = `Writes a lake of simulated Stellar ledgers (SEP-54): the same options always give
the same files. The ledgers' network passphrase is "${SIMULATED_PASSPHRASE}".

Usage: deno task simulate --out DIR --ledgers N [options]

  --out DIR              folder of the lake; it is made, and must hold no ledgers yet
  --ledgers N            ledgers to write, from ${FIRST_SIMULATED_LEDGER} on
  --seed S               any text; another seed gives other ledgers (default: 0)
  --protocol P           protocol version, ${SIMULATED_PROTOCOLS.oldest} to ${SIMULATED_PROTOCOLS.newest} (default: ${SIMULATED_PROTOCOLS.newest})
  --transactions T       transactions in a ledger (default: ${DEFAULT_TRANSACTIONS}; pubnet has about 350)
  --meta-version V       TransactionMeta version, where the protocol leaves a choice
  --ledgers-per-file K   ledgers in a file, 1 to ${MAX_LEDGERS_PER_FILE} (default: 1); the last file is filled up
  --help                 this text

Examples:
  deno task simulate --out ./data/lake --ledgers 1000
  deno task simulate --out ./data/pubnet-size --ledgers 100 --seed 7 --transactions 350
  deno task simulate --out ./data/old --ledgers 256 --protocol 12 --ledgers-per-file 64
`;

/** An argument of the command is missing or wrong. */
class UsageError extends Error {}

/** Where the command's text goes. */
export interface SimulateOutput {
  log(text: string): void;
  error(text: string): void;
}

/**
 * The command `deno task simulate`. Returns its exit code: 0 when the lake was written, 1 when it
 * could not be, 2 for wrong arguments.
 */
export async function simulate(args: string[], output: SimulateOutput): Promise<number> {
  try {
    const options = readArguments(args);
    if (options === undefined) {
      output.log(HELP);
      return 0;
    }
    output.log(await writeLake(options));
    return 0;
  } catch (error) {
    if (error instanceof UsageError || error instanceof SimulationError) {
      output.error(`${error.message}.\nTry: deno task simulate --help`);
      return 2;
    }
    if (error instanceof LakeError) output.error(error.message);
    else if (error instanceof Error) output.error(`The lake cannot be written: ${error.message}.`);
    else throw error;
    return 1;
  }
}

interface SimulateOptions extends SimulationOptions {
  readonly out: string;
  readonly ledgers: number;
  readonly ledgersPerFile: number;
}

/** Writes the lake and returns the line that sums it up. */
async function writeLake(options: SimulateOptions): Promise<string> {
  const { out, ledgersPerFile } = options;
  const simulator = new LedgerSimulator(options);
  const lake = await LakeWriter.open(out, {
    networkPassphrase: SIMULATED_PASSPHRASE,
    ledgersPerBatch: ledgersPerFile,
  });
  if (await lastLedgerFile(out) >= FIRST_SIMULATED_LEDGER) {
    throw new UsageError(`${out} holds ledgers already: name an empty folder for --out`);
  }
  const started = performance.now();
  const lastAsked = FIRST_SIMULATED_LEDGER + options.ledgers - 1;
  let bytes = 0, files = 0;
  while (simulator.sequence < lastAsked) {
    const first = simulator.sequence + 1, ledgers: Uint8Array[] = [];
    const { endSequence } = lake.layout.batchAt(first);
    while (simulator.sequence < endSequence) {
      const ledger = simulator.next();
      bytes += ledger.length;
      ledgers.push(ledger);
    }
    await lake.writeBatch(first, ledgers);
    files++;
  }
  const last = simulator.sequence, count = last - FIRST_SIMULATED_LEDGER + 1;
  const extra = last > lastAsked
    ? ` (${last - lastAsked} more than asked, to fill the last file)`
    : "";
  const seconds = (performance.now() - started) / 1000;
  return `Wrote ${count} ledgers, ${FIRST_SIMULATED_LEDGER} to ${last}${extra}, ` +
    `${(bytes / 1e6).toFixed(1)} MB of XDR in ${files} files, to ${out} in ${
      seconds.toFixed(1)
    } s: ` +
    `protocol ${simulator.protocol}, seed ${options.seed}.`;
}

/** The options; undefined when help was asked for. Throws UsageError that names the argument. */
function readArguments(args: string[]): SimulateOptions | undefined {
  const parsed = parseArgs(args, {
    string: [
      "out",
      "ledgers",
      "seed",
      "protocol",
      "transactions",
      "meta-version",
      "ledgers-per-file",
    ],
    boolean: ["help"],
    alias: { help: "h" },
    unknown: (argument: string) => {
      throw new UsageError(`"${argument}" is no argument of this command`);
    },
  });
  if (parsed.help) return undefined;
  const given = (name: string): string | undefined => {
    const value: unknown = parsed[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const required = (name: string, example: string): string => {
    const value = given(name);
    if (value === undefined) {
      throw new UsageError(`--${name} is missing, as in --${name} ${example}`);
    }
    return value;
  };
  const whole = (name: string, text: string | undefined, low: number, high: number) => {
    if (text === undefined) return undefined;
    const value = /^[0-9]+$/.test(text) ? Number(text) : NaN;
    if (!(value >= low && value <= high)) {
      throw new UsageError(
        `--${name} is "${text}": it must be a whole number from ${low} to ${high}`,
      );
    }
    return value;
  };
  return {
    out: required("out", "./data/lake"),
    ledgers: whole("ledgers", required("ledgers", "1000"), 1, MAX_LEDGERS)!,
    seed: given("seed") ?? "0",
    // What the simulator takes of these it says itself.
    protocol: whole("protocol", given("protocol"), 0, 1000),
    transactionsPerLedger: whole("transactions", given("transactions"), 0, 1_000_000),
    metaVersion: whole("meta-version", given("meta-version"), 0, 1000),
    ledgersPerFile: whole("ledgers-per-file", given("ledgers-per-file"), 1, MAX_LEDGERS_PER_FILE) ??
      1,
  };
}

if (import.meta.main) {
  Deno.exit(await simulate(Deno.args, { log: console.log, error: console.error }));
}
