import { LedgerIndex, networkId, Networks, TransactionPairing } from "../../stellar/mod.ts";
import type { Lake, LakeBounds } from "../../stellar/lake/mod.ts";
import { SIMULATED_PASSPHRASE } from "../../stellar/simulated/mod.ts";
import { asBadLedger } from "./bad_ledger_error.ts";

/**
 * Ledgers looked at for one with transactions: the first hours of a network have many without,
 * and the newest is looked at when these had none.
 */
const MAX_LEDGERS_LOOKED_AT = 256;

/** What a passphrase is said by, for the sentence that refuses another. */
export interface StatedPassphrase {
  readonly passphrase: string;
  /** Such as "NETWORK_PASSPHRASE" or "the lake's .config.json". */
  readonly by: string;
}

/** Where and how long to look for the network. */
export interface NetworkDetectionOptions {
  /** Ledger from which to look; by default the lake's first. */
  readonly start?: number | undefined;
  /** Ends the looking with its reason. */
  readonly signal?: AbortSignal;
}

/** The network of the ledgers is not known, or not the one that is said. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";

  /** `example` is a passphrase that may be right; the message does not rule it out. */
  constructor(
    readonly code: "unknown" | "disagrees",
    message: string,
    readonly example: string = Networks.pubnet,
  ) {
    super(message);
  }
}

/**
 * The passphrase of a lake's network. What is stated must agree with each other and with the first
 * ledger that has transactions: their hashes pair only under the passphrase they were made with.
 * Where nothing is stated, that ledger decides among pubnet, testnet and futurenet.
 *
 * What is there now decides, without waiting at the tip. Damaged ledgers are passed over, as long as
 * another one can be read or the passphrase is stated: whoever asks for them is told.
 * Throws NetworkError; LakeError or BadLedgerError, with the name of the file, when no ledger could
 * be read; the signal's reason.
 */
export async function detectNetwork(
  lake: Lake,
  stated: readonly StatedPassphrase[],
  options: NetworkDetectionOptions = {},
): Promise<string> {
  const [first, ...others] = stated;
  for (const other of others) {
    if (other.passphrase !== first!.passphrase) {
      throw new NetworkError(
        "disagrees",
        `${first!.by} is "${first!.passphrase}", but ${other.by} says "${other.passphrase}".`,
      );
    }
  }
  const index = new LedgerIndex();
  const bounds = await lake.bounds();
  const looked = bounds === undefined
    ? NOTHING_THERE
    : await lookForTransactions(lake, bounds, options, index);
  if (!looked.found) {
    if (first !== undefined) return first.passphrase;
    if (looked.damage !== undefined) throw looked.damage;
    const there = bounds === undefined
      ? "no ledger files of a SEP-54 lake (is it the right folder?)"
      : "no ledger with transactions yet";
    throw new NetworkError(
      "unknown",
      `${lake.where} holds ${there}, which would tell its network.`,
    );
  }
  const pairing = new TransactionPairing();
  const pairs = (passphrase: string) => pairing.pair(index, networkId(passphrase)) < 0;
  if (first !== undefined && pairs(first.passphrase)) return first.passphrase;
  const known = Object.values(Networks).find(pairs);
  if (first !== undefined) {
    throw new NetworkError(
      "disagrees",
      `${first.by} is "${first.passphrase}", but the transactions of ledger ${index.sequence} ` +
        `in ${lake.where} have hashes of ${
          known === undefined ? "another network" : `the network "${known}"`
        }.`,
      known ?? privateExample(pairs),
    );
  }
  if (known !== undefined) return known;
  throw new NetworkError(
    "unknown",
    `${lake.where} has transactions, in ledger ${index.sequence}, that are not of pubnet, ` +
      "testnet or futurenet, and no .config.json that names their network.",
    privateExample(pairs),
  );
}

/** The passphrase of a network that is none of the public ones; ours is known, and still to be stated. */
function privateExample(pairs: (passphrase: string) => boolean): string {
  return pairs(SIMULATED_PASSPHRASE) ? SIMULATED_PASSPHRASE : "Your Private Network ; May 2026";
}

/** What looking for a ledger with transactions came to. */
interface Looked {
  readonly found: boolean;
  /** What was wrong with the first ledger, where none could be read. */
  readonly damage?: Error;
}

const NOTHING_THERE: Looked = { found: false };

/** Reads a ledger with transactions into `index`. */
async function lookForTransactions(
  lake: Lake,
  bounds: LakeBounds,
  { start, signal }: NetworkDetectionOptions,
  index: LedgerIndex,
): Promise<Looked> {
  const from = Math.min(bounds.last, Math.max(bounds.first, start ?? bounds.first));
  const to = Math.min(bounds.last, from + MAX_LEDGERS_LOOKED_AT - 1);
  const ranges: [number, number][] = [[from, to]];
  if (to < bounds.last) ranges.push([bounds.last, bounds.last]);
  let readable = false;
  let damage: Error | undefined;
  for (const [startSequence, endSequence] of ranges) {
    const reading = lake.read({ startSequence, endSequence }, {
      allowGaps: true,
      yieldBad: true,
      waitAtTip: false,
      ...(signal === undefined ? {} : { signal }),
    });
    for await (const { ledgers, startSequence: first, key, error } of reading) {
      damage ??= error;
      for (const [i, ledger] of ledgers.entries()) {
        try {
          index.read(ledger);
        } catch (cause) {
          const bad = asBadLedger(first + i, `${lake.where}/${key}`, cause);
          if (bad === undefined) throw cause;
          damage ??= bad;
          continue;
        }
        if (index.transactionCount > 0) return { found: true };
        readable = true;
      }
    }
  }
  return { found: false, ...(readable || damage === undefined ? {} : { damage }) };
}
