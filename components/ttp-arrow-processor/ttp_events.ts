/**
 * `deno task ttp:events`: the token-transfer events of ledger files on standard output.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { ledgerSequence } from "../../stellar/lake/mod.ts";
import {
  LedgerError,
  LedgerIndex,
  networkId,
  Networks,
  TransactionPairing,
  XdrError,
} from "../../stellar/mod.ts";
import type { LedgerFile } from "./ledger_files.ts";
import { lakePassphrase, ledgerPaths, readLedgerFile, readLedgers } from "./ledger_files.ts";
import { LedgerProcessor } from "./ledger_processor.ts";
import { mismatchText } from "./ledger_verification.ts";
import { csvHeader, toCsv, toNdjson } from "./record_batch_text.ts";
import { referenceEvents } from "./reference_format.ts";
import { BalanceVerification, type EventsMode, TokenTransferError } from "./token_transfer/mod.ts";

const HELP = `Prints the token-transfer events of ledger files.

Usage: deno task ttp:events [options] FILE|DIR|-…

FILE is one LedgerCloseMeta or a batch of them (SEP-54), zstd or not. DIR is a folder of
such files, for example a lake. - is standard input.

Options:
  --network-passphrase P   network of the ledgers; not given, the lake's .config.json or
                           the ledgers tell among pubnet, testnet and futurenet
  --mode M                 reconstructed (default) or unified
  --format F               ndjson (default), csv, reference (as SDF's processor), none
  --verify                 prove the events against the ledger-entry changes; each balance
                           that does not add up is told on standard error
  --repeat N               read the input N times, for measuring; printed once
  --stats                  counts and seconds as the last line of standard error; with
                           --repeat the first tenth is warm-up and not counted
  --help                   this text

Examples:
  deno task ttp:events ledger.xdr
  deno task ttp:events --format csv ./lake > events.csv
  deno task ttp:events --verify --format none ./lake
  curl … | deno task ttp:events -

Exit status: 0 when every ledger was read (and proven, with --verify), 1 when one was not,
2 for wrong usage.`;

const FORMATS = ["ndjson", "csv", "reference", "none"] as const;
type Format = typeof FORMATS[number];
const MODES: readonly EventsMode[] = ["reconstructed", "unified"];
/** Share of the repeats that is warm-up. */
const WARM_UP_SHARE = 0.1;

interface Options {
  readonly paths: readonly string[];
  readonly passphrase: string | undefined;
  readonly mode: EventsMode;
  readonly format: Format;
  readonly verify: boolean;
  readonly repeat: number;
  readonly stats: boolean;
}

class UsageError extends Error {}

/** Counts over the measured part of a run. */
class Totals {
  ledgers = 0;
  events = 0;
  bytes = 0;
  seconds = 0;
}

/** One run of the command: files in, text out, errors by the line. */
class EventsCommand {
  failed = false;
  readonly totals = new Totals();
  readonly #processors = new Map<string, LedgerProcessor>();
  readonly #index = new LedgerIndex();
  readonly #pairing = new TransactionPairing();
  readonly #verification = new BalanceVerification();
  /** Network of each file, once it is known. */
  readonly #passphrases = new Map<string, string>();
  #headerWritten = false;
  /** Sequence of the ledger at which reading the file failed, when its header could be read. */
  #unreadable: number | undefined;

  constructor(readonly options: Options, readonly write: (text: string) => void) {}

  async run(): Promise<void> {
    const { repeat } = this.options;
    if (repeat === 1) {
      for await (const file of this.#files()) this.#process(file, true, true);
      return;
    }
    const files = await Array.fromAsync(this.#files());
    const warmUp = Math.floor(repeat * WARM_UP_SHARE);
    for (let round = 0; round < repeat; round++) {
      for (const file of files) this.#process(file, round === 0, round >= warmUp);
    }
  }

  /** The files one after the other; one that cannot be read is reported, and the next one comes. */
  async *#files(): AsyncGenerator<LedgerFile> {
    for (const argument of this.options.paths) {
      try {
        for (const path of await ledgerPaths(argument)) {
          try {
            const passphrase = this.options.passphrase ?? await lakePassphrase(path);
            if (passphrase !== undefined) this.#passphrases.set(path, passphrase);
            yield await readLedgerFile(path);
          } catch (error) {
            this.#report(path, error);
          }
        }
      } catch (error) {
        this.#report(argument, error);
      }
    }
  }

  #process(file: LedgerFile, first: boolean, counted: boolean): void {
    const started = performance.now();
    this.#unreadable = undefined;
    try {
      readLedgers(file, (ledgers) => this.#processLedgers(file, ledgers, first, counted));
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) throw error;
      if (first) this.#report(file.path, error, this.#unreadable);
    }
    if (counted) this.totals.seconds += (performance.now() - started) / 1000;
  }

  #processLedgers(
    file: LedgerFile,
    ledgers: Uint8Array[],
    first: boolean,
    counted: boolean,
  ): void {
    for (const ledger of ledgers) {
      let processor: LedgerProcessor;
      try {
        processor = this.#processor(file.path, ledger);
        processor.add(ledger);
        if (this.options.verify) this.#verify(file.path, processor, first);
      } catch (error) {
        const isRule = error instanceof TokenTransferError || error instanceof LedgerError;
        if (!isRule) {
          this.#unreadable ??= sequenceOf(ledger);
          throw error;
        }
        if (first) this.#report(file.path, error);
        continue;
      }
      if (counted) {
        this.totals.ledgers++;
        this.totals.events += processor.transfers.context.rows.length;
        this.totals.bytes += ledger.length;
      }
      if (first && this.options.format === "reference") this.#writeReference(processor);
      processor.flush();
      this.#writeBatches(processor, first);
    }
  }

  /** Tells what does not add up in the ledger just added; its events are printed all the same. */
  #verify(path: string, processor: LedgerProcessor, first: boolean): void {
    const ledger = processor.transfers.index.sequence;
    try {
      const mismatches = this.#verification.verify(processor.transfers);
      if (!first) return;
      for (const mismatch of mismatches) {
        this.#report(path, new Error(mismatchText({ ...mismatch, ledger })));
      }
    } catch (error) {
      if (!(error instanceof TokenTransferError)) throw error;
      if (first) this.#report(path, error);
    }
  }

  #writeReference(processor: LedgerProcessor): void {
    for (const event of referenceEvents(processor.transfers)) {
      this.write(`${JSON.stringify(event)}\n`);
    }
  }

  #writeBatches(processor: LedgerProcessor, first: boolean): void {
    const { format } = this.options;
    for (const { batch } of processor.take()) {
      if (!first) continue;
      if (format === "ndjson") this.write(toNdjson(batch));
      if (format !== "csv") continue;
      if (!this.#headerWritten) this.write(csvHeader(batch));
      this.#headerWritten = true;
      this.write(toCsv(batch));
    }
  }

  #processor(path: string, ledger: Uint8Array): LedgerProcessor {
    const known = this.#passphrases.get(path) ?? this.#detect(ledger);
    if (known !== undefined) this.#passphrases.set(path, known);
    // A ledger without transactions has no events, whatever its network is.
    const networkPassphrase = known ?? "";
    let processor = this.#processors.get(networkPassphrase);
    if (processor === undefined) {
      processor = new LedgerProcessor({ networkPassphrase, mode: this.options.mode });
      this.#processors.set(networkPassphrase, processor);
    }
    return processor;
  }

  /** The public network whose passphrase the ledger's transactions were hashed with. */
  #detect(ledger: Uint8Array): string | undefined {
    this.#index.read(ledger);
    if (this.#index.transactionCount === 0) return undefined;
    const known = Object.values(Networks).find((passphrase) =>
      this.#pairing.pair(this.#index, networkId(passphrase)) < 0
    );
    if (known !== undefined) return known;
    throw new LedgerError(
      this.#index.sequence,
      `Ledger ${this.#index.sequence} is not of pubnet, testnet or futurenet; name its network ` +
        "with --network-passphrase",
    );
  }

  #report(path: string, error: unknown, ledger?: number): void {
    this.failed = true;
    const reason = reasonOf(error, ledger);
    const where = ledger === undefined ? "" : `Ledger ${ledger}: `;
    console.error(`${path === "-" ? "standard input" : path}: ${where}${reason}`);
  }
}

/** What is wrong, in words for somebody who knows their files and not XDR. */
function reasonOf(error: unknown, ledger: number | undefined): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file or folder";
  const reason = error instanceof Error ? error.message : String(error);
  const isForeign = error instanceof XdrError && ledger === undefined;
  return isForeign ? `this is no file of ledgers (LedgerCloseMeta in XDR): ${reason}` : reason;
}

/** The sequence in a ledger's header; undefined when not even that can be read. */
function sequenceOf(ledger: Uint8Array): number | undefined {
  try {
    return ledgerSequence(ledger);
  } catch {
    return undefined;
  }
}

function parseOptions(args: string[]): Options | "help" {
  const flags = parseArgs(args, {
    string: ["network-passphrase", "mode", "format", "repeat", "_"],
    boolean: ["stats", "verify", "help"],
    default: { mode: "reconstructed", format: "ndjson", repeat: "1" },
    unknown: (name: string) => {
      if (name.startsWith("-") && name !== "-") {
        throw new UsageError(`There is no option "${name}"; --help lists them.`);
      }
    },
  });
  if (flags.help) return "help";
  const oneOf = <T extends string>(name: string, value: string, allowed: readonly T[]): T => {
    const found = allowed.find((a) => a === value);
    if (found !== undefined) return found;
    throw new UsageError(`--${name} is "${value}": use ${allowed.join(", ")}.`);
  };
  const repeat = Number(flags.repeat);
  if (!Number.isInteger(repeat) || repeat < 1) {
    throw new UsageError(`--repeat is "${flags.repeat}": use a whole number from 1.`);
  }
  if (flags._.length === 0) {
    throw new UsageError("Name a file or folder of ledgers, or - ; --help has examples.");
  }
  return {
    paths: flags._.map(String),
    passphrase: flags["network-passphrase"] || undefined,
    mode: oneOf("mode", flags.mode, MODES),
    format: oneOf("format", flags.format, FORMATS),
    verify: flags.verify,
    repeat,
    stats: flags.stats,
  };
}

/** Writes all of a text to standard output. */
function writeOut(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

/** Runs the command with these arguments; returns its exit status. */
export async function main(args: string[]): Promise<number> {
  let options: Options | "help";
  try {
    options = parseOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return 2;
  }
  if (options === "help") {
    console.log(HELP);
    return 0;
  }
  const command = new EventsCommand(options, writeOut);
  try {
    await command.run();
  } catch (error) {
    // Whoever read the output has enough of it, as `head` has.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
  if (options.stats) console.error(JSON.stringify({ ...command.totals }));
  return command.failed ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
