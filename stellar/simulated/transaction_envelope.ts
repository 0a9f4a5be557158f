import { PRECONDITIONS_V2_PROTOCOL, V1_ENVELOPE_PROTOCOL } from "./protocol_features.ts";
import type { Memo } from "./contract_event.ts";
import { writeAccountId } from "./entry_writer.ts";
import type { AccountEntry } from "./ledger_entry.ts";
import { writeMuxedAccount } from "./operation.ts";
import type { OperationRun } from "./operation_run.ts";
import type { Prng } from "./prng.ts";
import { sha256 } from "./sha256.ts";
import type { LedgerContext } from "./ledger_context.ts";
import type { SorobanMeta } from "./transaction_meta.ts";
import type { TransactionPlan } from "./transaction_plan.ts";
import type { XdrWriter } from "./xdr_writer.ts";

/** EnvelopeType of the protocol. */
const TX_V0 = 0, TX = 2, TX_FEE_BUMP = 5;

const SIGNATURE_BYTES = 64;
/** Some time long after the simulated network's genesis, as upper time bound. */
const MAX_TIME_S = 4_102_444_800n;

/** A transaction as it stands in the set. */
export interface WrittenEnvelope {
  /** TransactionEnvelope. */
  readonly envelope: Uint8Array;
  /** Transaction hash (of the outer transaction for a fee bump). */
  readonly hash: Uint8Array;
  /** Hash of the inner transaction of a fee bump. */
  readonly innerHash: Uint8Array | undefined;
  /** SHA-256 of the envelope, by which transaction sets are sorted. */
  readonly sortHash: Uint8Array;
}

/** Writes, hashes and "signs" (with filler) the envelope of a transaction. */
export function writeEnvelope(
  context: LedgerContext,
  plan: TransactionPlan,
  parts: {
    readonly sequence: bigint;
    readonly memo: Memo;
    readonly sourceId: bigint | undefined;
    readonly run: OperationRun;
    readonly soroban: SorobanMeta | undefined;
  },
): WrittenEnvelope {
  const { world, prng, networkId, writers } = context, { run } = parts;
  const body = writers.take();
  writeMuxedAccount(body, plan.source, parts.sourceId);
  body.word(bid(plan, run, prng)).hyper(parts.sequence);
  writePreconditions(body, world.protocol, prng);
  writeMemo(body, parts.memo);
  body.word(run.count).append(run.bodies);
  if (parts.soroban === undefined) body.word(0);
  else body.word(1).append(parts.soroban.data);

  const hash = taggedHash(writers.take(), networkId, TX, body);
  const out = writers.take();
  if (world.protocol < V1_ENVELOPE_PROTOCOL) {
    // A V0 envelope holds the bare key where V1 has a union, and is otherwise the same.
    out.word(TX_V0).raw(body.bytes, 4, body.length);
  } else out.word(TX).append(body);
  writeSignatures(out, run.signers, prng);
  if (!plan.feeBump) return finish(out, hash, undefined);

  const outer = writers.take();
  writeMuxedAccount(outer, plan.payer, prng.chance(8) ? BigInt(prng.next()) : undefined);
  outer.hyper(plan.charged + BigInt(prng.below(1000))).append(out).word(0);
  const outerHash = taggedHash(writers.take(), networkId, TX_FEE_BUMP, outer);
  const bumped = writers.take().word(TX_FEE_BUMP).append(outer);
  writeSignatures(bumped, [plan.payer], prng);
  return finish(bumped, outerHash, hash);
}

/** The fee that the (inner) transaction offers, which may be more than what it is charged. */
function bid(plan: TransactionPlan, run: OperationRun, prng: Prng): number {
  if (plan.feeBump) return Number(plan.resourceFee) + 100 * run.count;
  return Number(plan.charged) + (prng.chance(50) ? prng.below(10_000) : 0);
}

function writePreconditions(out: XdrWriter, protocol: number, prng: Prng): void {
  const kind = prng.below(10);
  if (kind < 4) out.word(0);
  else if (kind < 9 || protocol < PRECONDITIONS_V2_PROTOCOL) {
    out.word(1).hyper(0n).hyper(MAX_TIME_S);
  } else {
    out.word(2).flag(true).hyper(0n).hyper(MAX_TIME_S);
    out.flag(true).word(0).word(0); // ledger bounds without an end
    out.flag(false).hyper(0n).word(0).word(0);
  }
}

function writeMemo(out: XdrWriter, memo: Memo): void {
  switch (memo.kind) {
    case "none":
      out.word(0);
      break;
    case "text":
      out.word(1).ascii(memo.text);
      break;
    case "id":
      out.word(2).hyper(memo.id);
      break;
    case "hash":
      out.word(3).opaque(memo.hash);
      break;
    case "return":
      out.word(4).opaque(memo.hash);
      break;
  }
}

function writeSignatures(
  out: XdrWriter,
  signers: readonly AccountEntry[],
  prng: Prng,
): void {
  out.word(signers.length);
  for (const signer of signers) {
    out.opaque(signer.key.subarray(28)).variableOpaque(prng.bytes(SIGNATURE_BYTES));
  }
}

function taggedHash(
  scratch: XdrWriter,
  networkId: Uint8Array,
  type: number,
  body: XdrWriter,
): Uint8Array {
  return sha256(scratch.opaque(networkId).word(type).append(body));
}

function finish(
  out: XdrWriter,
  hash: Uint8Array,
  innerHash: Uint8Array | undefined,
): WrittenEnvelope {
  const envelope = out.slice();
  return { envelope, hash, innerHash, sortHash: sha256(envelope) };
}

/** NodeID and signature of the validator that proposed a ledger (filler of the right length). */
export function writeProposer(out: XdrWriter, validator: AccountEntry, prng: Prng): void {
  writeAccountId(out, validator);
  out.variableOpaque(prng.bytes(SIGNATURE_BYTES));
}
