import {
  LedgerIndex,
  networkId,
  Networks,
  TransactionPairing,
  XdrError,
} from "../../stellar/mod.ts";
import type { Lake, LakeBounds } from "../../stellar/lake/mod.ts";

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

/** The network of the ledgers is not known, or not the one that is said. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";

  constructor(readonly code: "unknown" | "disagrees", message: string) {
    super(message);
  }
}

/**
 * The passphrase of a lake's network. What is stated must agree with each other and with the first
 * ledger that has transactions: their hashes pair only under the passphrase they were made with.
 * Where nothing is stated, that ledger decides among pubnet, testnet and futurenet.
 *
 * `start` is the ledger from which to look, by default the lake's first.
 * Throws NetworkError, and LakeError when the lake cannot be read.
 */
export async function detectNetwork(
  lake: Lake,
  stated: readonly StatedPassphrase[],
  start?: number,
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
  if (bounds === undefined || !await readWithTransactions(lake, bounds, start, index)) {
    if (first !== undefined) return first.passphrase;
    throw new NetworkError(
      "unknown",
      `${lake.where} holds no ledger with transactions yet, which would tell its network.`,
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
    );
  }
  if (known !== undefined) return known;
  throw new NetworkError(
    "unknown",
    `The transactions of ledger ${index.sequence} in ${lake.where} are not of pubnet, testnet ` +
      "or futurenet.",
  );
}

async function readWithTransactions(
  lake: Lake,
  bounds: LakeBounds,
  start: number | undefined,
  index: LedgerIndex,
): Promise<boolean> {
  const from = Math.min(bounds.last, Math.max(bounds.first, start ?? bounds.first));
  const to = Math.min(bounds.last, from + MAX_LEDGERS_LOOKED_AT - 1);
  for (const [startSequence, endSequence] of [[from, to], [bounds.last, bounds.last]] as const) {
    const reading = lake.read({ startSequence, endSequence }, {
      allowGaps: true,
      // Whoever asks for these ledgers is told; here the next ones do as well.
      onBadBatch: () => Promise.resolve(),
    });
    for await (const { ledgers } of reading) {
      for (const ledger of ledgers) {
        if (hasTransactions(ledger, index)) return true;
      }
    }
  }
  return false;
}

function hasTransactions(ledger: Uint8Array, index: LedgerIndex): boolean {
  try {
    index.read(ledger);
    return index.transactionCount > 0;
  } catch (error) {
    // As with a bad batch file: whoever asks for this ledger is told.
    if (error instanceof XdrError) return false;
    throw error;
  }
}
