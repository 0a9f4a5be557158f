import type { OperationRun } from "./operation_run.ts";
import type { WrittenEnvelope } from "./transaction_envelope.ts";
import type { TransactionPlan } from "./transaction_plan.ts";
import type { XdrWriter } from "./xdr_writer.ts";

/** TransactionResultCode of the protocol. */
const FEE_BUMP_INNER_SUCCESS = 1, SUCCESS = 0, FAILED = -1, BAD_SEQUENCE = -5;
const FEE_BUMP_INNER_FAILED = -13;

/** TransactionResultPair: hash, fee, and the results of the operations. */
export function writeTransactionResult(
  plan: TransactionPlan,
  envelope: WrittenEnvelope,
  run: OperationRun,
  feeCharged: bigint,
  out: XdrWriter,
): Uint8Array {
  out.opaque(envelope.hash).hyper(feeCharged);
  if (envelope.innerHash === undefined) writeOutcome(out, plan, run);
  else {
    out.word(plan.outcome === "success" ? FEE_BUMP_INNER_SUCCESS : FEE_BUMP_INNER_FAILED);
    // The inner transaction pays nothing itself.
    out.opaque(envelope.innerHash).hyper(0n);
    writeOutcome(out, plan, run);
    out.word(0);
  }
  return out.word(0).slice();
}

function writeOutcome(out: XdrWriter, plan: TransactionPlan, run: OperationRun): void {
  if (plan.outcome === "badSequence") out.word(BAD_SEQUENCE);
  else {
    out.word(plan.outcome === "success" ? SUCCESS : FAILED);
    out.word(run.count).append(run.results);
  }
}
