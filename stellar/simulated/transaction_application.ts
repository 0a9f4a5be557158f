import { LATE_REFUND_PROTOCOL, LATE_SEQUENCE_PROTOCOL } from "./protocol_features.ts";
import type { Memo } from "./contract_event.ts";
import { makeFailedCall, makeFailure, makeUndonePayment } from "./failures.ts";
import type { AccountEntry } from "./ledger_entry.ts";
import type { LedgerContext } from "./ledger_context.ts";
import { drawSourceId } from "./operation.ts";
import { OperationRun } from "./operation_run.ts";
import type { Prng } from "./prng.ts";
import { stampSequence } from "./quiet_operations.ts";
import { writeSorobanData } from "./soroban_call.ts";
import { makeTokenMint } from "./token_contract_calls.ts";
import { writeEnvelope, type WrittenEnvelope } from "./transaction_envelope.ts";
import { type SorobanMeta, writeTransactionMeta } from "./transaction_meta.ts";
import type { TransactionPlan } from "./transaction_plan.ts";
import { writeTransactionResult } from "./transaction_result.ts";
import type { XdrWriter } from "./xdr_writer.ts";

/** Percent of the resource fee that a call gives back; one that traps gives most of it back. */
const REFUND_PERCENTS: readonly number[] = [0, 15, 30, 60], FAILED_REFUND_PERCENT = 80;

/** A transaction after it was applied. */
export interface AppliedTransaction extends WrittenEnvelope {
  readonly plan: TransactionPlan;
  /** TransactionResultPair. */
  readonly result: Uint8Array;
  /** TransactionMeta. */
  readonly meta: Uint8Array;
  /** Part of the fee that goes back to the payer. */
  readonly refund: bigint;
}

/** Charges a transaction's fee and returns the LedgerEntryChanges of that. */
export function chargeFee(context: LedgerContext, plan: TransactionPlan): Uint8Array {
  const { world, ledger, changes } = context, out = context.writers.take();
  changes.touch(plan.payer);
  plan.payer.balance -= plan.charged;
  world.feePool += plan.charged;
  if (world.protocol < LATE_SEQUENCE_PROTOCOL && plan.outcome !== "badSequence") {
    changes.touch(plan.source);
    plan.source.sequence++;
  }
  changes.write(out, ledger);
  const written = out.slice();
  context.writers.releaseAll();
  return written;
}

/** Gives a refund (perhaps none) back and writes the LedgerEntryChanges of that. */
export function payRefund(
  context: LedgerContext,
  payer: AccountEntry,
  refund: bigint,
  out: XdrWriter,
): void {
  const { changes } = context;
  if (refund > 0n) {
    changes.touch(payer);
    payer.balance += refund;
    context.world.feePool -= refund;
  }
  changes.write(out, context.ledger);
}

/** Applies a transaction whose fee was charged: changes the world, writes envelope, result, meta. */
export function applyTransaction(
  context: LedgerContext,
  plan: TransactionPlan,
): AppliedTransaction {
  const { world, prng, writers } = context;
  const changesBefore = writers.take(), changesAfter = writers.take();
  const sequence = raiseSequence(context, plan, changesBefore);
  const memo = drawMemo(prng);
  const { source } = plan, sourceId = drawSourceId(prng, world.protocol);
  const run = new OperationRun(context, { source, sourceId, sequence, memo });
  const soroban = plan.soroban === undefined ? undefined : runSoroban(context, plan, run);
  if (soroban === undefined) runClassic(plan, run);
  const refund = soroban?.refund ?? 0n;
  if (world.protocol < LATE_REFUND_PROTOCOL) payRefund(context, plan.payer, refund, changesAfter);
  else changesAfter.word(0);
  const envelope = writeEnvelope(context, plan, { sequence, memo, sourceId, run, soroban });
  const feeCharged = plan.charged - refund;
  const result = writeTransactionResult(plan, envelope, run, feeCharged, writers.take());
  const meta = writeTransactionMeta(context, plan, { changesBefore, changesAfter, run, soroban });
  writers.releaseAll();
  return { ...envelope, plan, result, meta, refund };
}

function runClassic(plan: TransactionPlan, run: OperationRun): void {
  if (plan.outcome === "success") {
    for (const makers of plan.operations) run.make(makers);
    return;
  }
  for (let i = 1; i < plan.operations.length; i++) run.fail(makeUndonePayment);
  run.fail(makeFailure);
}

function runSoroban(context: LedgerContext, plan: TransactionPlan, run: OperationRun): SorobanMeta {
  const { prng } = context;
  const success = plan.outcome === "success", diagnostics = prng.chance(10);
  const percent = success ? prng.pick(REFUND_PERCENTS) : FAILED_REFUND_PERCENT;
  const refund = plan.resourceFee * BigInt(percent) / 100n;
  const common = { success, diagnostics, refund, resourceFee: plan.resourceFee };
  if (success) {
    return { ...common, ...run.makeSoroban([plan.soroban!, makeTokenMint], plan.resourceFee) };
  }
  const op = run.fail(makeFailedCall), data = context.writers.take();
  writeSorobanData(data, op, plan.resourceFee);
  return { ...common, op, data, events: context.writers.take().word(0) };
}

/** The transaction's sequence number; writes the changes that stand before the operations. */
function raiseSequence(context: LedgerContext, plan: TransactionPlan, out: XdrWriter): bigint {
  const { world, ledger } = context, { source } = plan;
  if (plan.outcome === "badSequence") {
    out.word(0);
    return source.sequence + 7n;
  }
  const { changes } = context;
  if (world.protocol >= LATE_SEQUENCE_PROTOCOL) {
    // Stellar-core looks at the payer's signers too, which writes its entry once more.
    if (plan.feeBump) changes.touch(plan.payer);
    changes.touch(source);
    source.sequence++;
    stampSequence(source, world.protocol, ledger);
  }
  changes.write(out, ledger);
  return source.sequence;
}

/** Every kind of memo, none most often. */
function drawMemo(prng: Prng): Memo {
  switch (prng.below(12)) {
    case 0:
      return {
        kind: "text",
        text: prng.pick(["", "invoice 7", "thanks", "abcdefghijklmnopqrstuvwxyz01"]),
      };
    case 1:
      return { kind: "id", id: prng.hyper() };
    case 2:
      return { kind: "hash", hash: prng.bytes(32) };
    case 3:
      return { kind: "return", hash: prng.bytes(32) };
    default:
      return { kind: "none" };
  }
}
