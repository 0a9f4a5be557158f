import { LedgerError, XdrError } from "../../stellar/mod.ts";
import { decodeBatch, LakeError } from "../../stellar/lake/mod.ts";
import {
  type EventsMode,
  LedgerTransfers,
  type ReferenceEvent,
  referenceEvents,
  TokenTransferError,
} from "../../components/ttp-arrow-processor/mod.ts";

/** One case of a corpus, as its manifest.json has it (tests/conformance/golden/README.md). */
export interface CorpusCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly passphrase: string;
  readonly tags?: readonly string[];
}

/** Input that must be refused. */
export interface BadInput {
  readonly name: string;
  readonly file: string;
}

/** What a case has to give in one mode, and whether it does. */
export interface Comparison {
  readonly mode: EventsMode;
  /** Undefined when equal, else what differs. */
  readonly difference: string | undefined;
}

/** A folder in the layout of the conformance corpus. */
export class Corpus {
  private constructor(
    readonly folder: string,
    readonly cases: readonly CorpusCase[],
    readonly bad: readonly BadInput[],
  ) {}

  /** Reads the manifest of a folder. */
  static async open(folder: string): Promise<Corpus> {
    const manifest = JSON.parse(await Deno.readTextFile(`${folder}/manifest.json`));
    return new Corpus(folder, manifest.cases, manifest.bad ?? []);
  }

  /** Whether the ledger of a case is here: real ledgers are not copied into the repository. */
  async has(name: string): Promise<boolean> {
    return await Deno.stat(`${this.folder}/${name}`).then(() => true, () => false);
  }

  /** Holds a case against the reference, in each mode that the corpus has an answer for. */
  async compare(entry: CorpusCase): Promise<Comparison[]> {
    const bytes = await Deno.readFile(`${this.folder}/${entry.files.xdr}`);
    const comparisons: Comparison[] = [];
    for (const [mode, prefix] of [["reconstructed", ""], ["unified", "unified_"]] as const) {
      const events = entry.files[`${prefix}events`];
      if (events === undefined && entry.files[`${prefix}error`] === undefined) continue;
      const expected = events === undefined
        ? undefined
        : parseLines(await Deno.readTextFile(`${this.folder}/${events}`));
      comparisons.push({ mode, difference: difference(entry, mode, bytes, expected) });
    }
    return comparisons;
  }

  /** The events that this project gives for a case. */
  async ours(entry: CorpusCase, mode: EventsMode): Promise<ReferenceEvent[]> {
    const transfers = new LedgerTransfers(entry.passphrase, mode);
    transfers.read(await Deno.readFile(`${this.folder}/${entry.files.xdr}`));
    return referenceEvents(transfers);
  }

  /** How an input is refused; undefined when it is accepted. */
  async refusal(input: BadInput): Promise<Error | undefined> {
    const bytes = await Deno.readFile(`${this.folder}/${input.file}`);
    try {
      const isBatch = input.file.endsWith(".zstd") || input.file.endsWith(".zst");
      const ledgers = isBatch ? decodeBatch(bytes, { requireZstd: true }).ledgers : [bytes];
      const transfers = new LedgerTransfers("Test SDF Network ; September 2015");
      for (const ledger of ledgers) transfers.index.read(ledger);
      return undefined;
    } catch (error) {
      if (isRefusal(error) || error instanceof LakeError) return error;
      throw error;
    }
  }
}

/** Whether an error says that the ledger is at fault; any other is a fault of this project. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof XdrError || error instanceof LedgerError ||
    error instanceof TokenTransferError;
}

function parseLines(text: string): ReferenceEvent[] {
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

function difference(
  entry: CorpusCase,
  mode: EventsMode,
  bytes: Uint8Array,
  expected: ReferenceEvent[] | undefined,
): string | undefined {
  const transfers = new LedgerTransfers(entry.passphrase, mode);
  let actual: ReferenceEvent[];
  try {
    transfers.read(bytes);
    actual = referenceEvents(transfers);
  } catch (error) {
    if (!isRefusal(error)) return `failed: ${error instanceof Error ? error.stack : error}`;
    if (transfers.context.rows.length > 0) return "events were kept of a ledger that is refused";
    return expected === undefined ? undefined : `refused: ${error.message}`;
  }
  if (expected === undefined) return `${actual.length} events of a ledger to be refused`;
  for (let i = 0; i < Math.max(actual.length, expected.length); i++) {
    const [ours, theirs] = [canonical(actual[i]), canonical(expected[i])];
    if (ours !== theirs) return `event ${i + 1}:\n  due ${theirs}\n  got ${ours}`;
  }
  return undefined;
}

/** JSON with sorted keys, so that only values are compared. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1));
  }) ?? "nothing";
}
