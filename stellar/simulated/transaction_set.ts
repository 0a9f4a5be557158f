import { PARALLEL_PROTOCOL, SOROBAN_PROTOCOL } from "./protocol_features.ts";
import { type AppliedTransaction } from "./transaction_application.ts";
import { sha256 } from "./sha256.ts";
import { XdrWriter } from "./xdr_writer.ts";

/** Clusters of independent transactions in one stage at most. */
const MAX_CLUSTERS = 4;

/** A transaction set as LedgerCloseMeta holds it, and its hash as the header holds it. */
export interface WrittenTransactionSet {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

/** Writes the transactions of a ledger in order of their hashes, in the protocol's kind of set. */
export function writeTransactionSet(
  protocol: number,
  previousHash: Uint8Array,
  transactions: readonly AppliedTransaction[],
  baseFee: bigint,
): WrittenTransactionSet {
  if (protocol < SOROBAN_PROTOCOL) return writeClassicSet(previousHash, transactions);
  const classic = transactions.filter(({ plan }) => plan.soroban === undefined);
  const soroban = transactions.filter(({ plan }) => plan.soroban !== undefined);
  const out = new XdrWriter().word(1).opaque(previousHash).word(2);
  writeComponents(out, classic, baseFee);
  if (protocol >= PARALLEL_PROTOCOL) writeParallelPhase(out, soroban, baseFee);
  else writeComponents(out, soroban, baseFee);
  const bytes = out.slice();
  return { bytes, hash: sha256(bytes) };
}

/** TransactionSet; its hash leaves out the array's length. */
function writeClassicSet(
  previousHash: Uint8Array,
  transactions: readonly AppliedTransaction[],
): WrittenTransactionSet {
  const sorted = inSetOrder(transactions);
  const contents = new XdrWriter().opaque(previousHash);
  const out = new XdrWriter().opaque(previousHash).word(sorted.length);
  for (const { envelope } of sorted) {
    contents.raw(envelope);
    out.raw(envelope);
  }
  return { bytes: out.slice(), hash: sha256(contents) };
}

/** A sequential phase: one component with the base fee that all its transactions pay. */
function writeComponents(
  out: XdrWriter,
  transactions: readonly AppliedTransaction[],
  baseFee: bigint,
): void {
  out.word(0).word(transactions.length === 0 ? 0 : 1);
  if (transactions.length === 0) return;
  out.word(0).flag(true).hyper(baseFee);
  writeList(out, inSetOrder(transactions));
}

/** A parallel phase: stages, each of clusters whose transactions run one after the other. */
function writeParallelPhase(
  out: XdrWriter,
  transactions: readonly AppliedTransaction[],
  baseFee: bigint,
): void {
  out.word(1).flag(true).hyper(baseFee);
  const stages = splitIntoStages(transactions);
  out.word(stages.length);
  for (const clusters of stages) {
    out.word(clusters.length);
    for (const cluster of clusters) writeList(out, inSetOrder(cluster));
  }
}

/** Large phases have two stages; a stage has a cluster for about every four transactions. */
function splitIntoStages(
  transactions: readonly AppliedTransaction[],
): AppliedTransaction[][][] {
  if (transactions.length === 0) return [];
  const perStage = transactions.length > 8 ? Math.ceil(transactions.length / 2) : 8;
  const stages: AppliedTransaction[][][] = [];
  for (let start = 0; start < transactions.length; start += perStage) {
    const stage = transactions.slice(start, start + perStage);
    const count = Math.min(MAX_CLUSTERS, Math.ceil(stage.length / 4));
    const clusters: AppliedTransaction[][] = Array.from({ length: count }, () => []);
    stage.forEach((transaction, i) => clusters[i * count / stage.length | 0]!.push(transaction));
    stages.push(clusters);
  }
  return stages;
}

function writeList(out: XdrWriter, transactions: readonly AppliedTransaction[]): void {
  out.word(transactions.length);
  for (const { envelope } of transactions) out.raw(envelope);
}

function inSetOrder(transactions: readonly AppliedTransaction[]): AppliedTransaction[] {
  return transactions.toSorted((one, other) => compareHashes(one.sortHash, other.sortHash));
}

function compareHashes(one: Uint8Array, other: Uint8Array): number {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return one[i]! - other[i]!;
  return 0;
}
