import type { TransferContext } from "./transfer_context.ts";

/**
 * Position of the success arm of the result of the operation at hand.
 *
 * ```
 * OperationResult   opINNER = 0 (4) type(4) result of that type: code(4), 0 for success, then the arm
 * ```
 *
 * `type` is the operation type whose result is due; a result of another type, or of a failed operation,
 * in a successful transaction refuses the ledger.
 */
export function successArm(context: TransferContext, type: number): number {
  const p = operationResult(context, type);
  const code = context.view.getInt32(p);
  if (code !== 0) {
    throw context.fail(`the result code is ${code} although the transaction was successful`);
  }
  return p + 4;
}

/** Position of the result of the operation at hand, which starts with its code. */
export function operationResult(context: TransferContext, type: number): number {
  const { results } = context.index;
  const { transaction, operation, view } = context;
  if (operation >= results.resultCount.data[transaction]!) {
    throw context.fail("the result of the operation is missing");
  }
  const p = results.operationResult.data[results.firstResult.data[transaction]! + operation]!;
  if (view.getInt32(p) !== 0) {
    throw context.fail("the operation has failed although its transaction was successful");
  }
  const actual = view.getInt32(p + 4);
  if (actual !== type) {
    throw context.fail(`the result is of operation type ${actual}, due was ${type}`);
  }
  return p + 8;
}

/** Position of the changes (LedgerEntryChange array) of the operation at hand, -1 when it has none. */
export function operationChanges(context: TransferContext): number {
  const { results } = context.index;
  const { transaction, operation } = context;
  if (context.metaVersion === 0) {
    throw context.fail(
      "the changes of operations cannot be read from TransactionMeta v0; have the ledger made again " +
        "by a newer stellar-core",
    );
  }
  if (operation >= results.metaCount.data[transaction]!) return -1;
  return results.operationChanges.data[results.firstMeta.data[transaction]! + operation]!;
}
