import { FEE_DETAILS_PROTOCOL, LATE_REFUND_PROTOCOL } from "./protocol_features.ts";
import { writeContractEvent } from "./contract_event.ts";
import type { OperationRun, SorobanOutcome } from "./operation_run.ts";
import { ScType } from "./sc_value.ts";
import { writeDiagnostics } from "./soroban_call.ts";
import type { LedgerContext } from "./ledger_context.ts";
import type { TransactionPlan } from "./transaction_plan.ts";
import type { XdrWriter } from "./xdr_writer.ts";

/** TransactionEventStage of the protocol. */
const BEFORE_ALL = 0, AFTER_TRANSACTION = 1, AFTER_ALL = 2;

/** What the meta of a Soroban transaction tells beyond a classic one's. */
export interface SorobanMeta extends SorobanOutcome {
  readonly success: boolean;
  readonly diagnostics: boolean;
  readonly refund: bigint;
  readonly resourceFee: bigint;
}

/** Entry changes around the operations (LedgerEntryChanges), and the operations. */
export interface MetaParts {
  readonly changesBefore: XdrWriter;
  readonly changesAfter: XdrWriter;
  readonly run: OperationRun;
  readonly soroban: SorobanMeta | undefined;
}

/** TransactionMeta of the context's version. */
export function writeTransactionMeta(
  context: LedgerContext,
  plan: TransactionPlan,
  parts: MetaParts,
): Uint8Array {
  const { metaVersion } = context, { run, soroban } = parts;
  const out = context.writers.take().word(metaVersion);
  if (metaVersion >= 3) out.word(0);
  out.append(parts.changesBefore).word(run.metaCount).append(run.metas);
  if (metaVersion >= 2) out.append(parts.changesAfter);
  if (metaVersion === 3) writeSorobanMeta(out, context, soroban);
  if (metaVersion >= 4) {
    writeSorobanMetaV2(out, context, soroban);
    writeFeeEvents(out, context, plan, soroban?.refund ?? 0n);
    if (soroban?.diagnostics && soroban.success) writeDiagnostics(out, soroban.op, "call");
    else out.word(0);
  }
  return out.slice();
}

function writeSorobanMeta(
  out: XdrWriter,
  context: LedgerContext,
  soroban: SorobanMeta | undefined,
): void {
  out.flag(soroban !== undefined);
  if (soroban === undefined) return;
  writeFeeDetails(out, context, soroban);
  out.append(soroban.events);
  writeReturnValue(out, soroban);
  if (soroban.diagnostics && soroban.success) writeDiagnostics(out, soroban.op, "call");
  else out.word(0);
}

function writeSorobanMetaV2(
  out: XdrWriter,
  context: LedgerContext,
  soroban: SorobanMeta | undefined,
): void {
  out.flag(soroban !== undefined);
  if (soroban === undefined) return;
  writeFeeDetails(out, context, soroban);
  out.flag(soroban.success);
  if (soroban.success) writeReturnValue(out, soroban);
}

function writeFeeDetails(out: XdrWriter, context: LedgerContext, soroban: SorobanMeta): void {
  if (context.world.protocol < FEE_DETAILS_PROTOCOL) {
    out.word(0);
    return;
  }
  const spent = soroban.resourceFee - soroban.refund, refundable = spent / 3n;
  out.word(1).word(0).hyper(spent - refundable).hyper(refundable).hyper(refundable / 2n);
}

/** The return value; operations that are no call return nothing. */
function writeReturnValue(out: XdrWriter, soroban: SorobanMeta): void {
  const value = soroban.op.returnValue;
  if (value.length === 0) out.word(ScType.void);
  else out.append(value);
}

/** The transaction's own events: its fee, and its refund as a fee below zero (CAP-67). */
function writeFeeEvents(
  out: XdrWriter,
  context: LedgerContext,
  plan: TransactionPlan,
  refund: bigint,
): void {
  const native = context.world.assets[0]!;
  const fee = { contract: native.contract, name: "fee", parties: [plan.payer] };
  out.word(refund > 0n ? 2 : 1).word(BEFORE_ALL);
  writeContractEvent(out, { ...fee, amount: plan.charged });
  if (refund === 0n) return;
  out.word(context.world.protocol >= LATE_REFUND_PROTOCOL ? AFTER_ALL : AFTER_TRANSACTION);
  writeContractEvent(out, { ...fee, amount: -refund });
}
