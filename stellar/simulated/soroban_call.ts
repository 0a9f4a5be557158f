import type { Party } from "./ledger_entry.ts";
import { type OperationContext } from "./operation.ts";
import { OperationType } from "../xdr/mod.ts";
import { ScType, writeScAddress, writeScI128, writeScSymbol } from "./sc_value.ts";
import { sha256 } from "./sha256.ts";
import { XdrWriter } from "./xdr_writer.ts";

/** SCVal that is the key of a contract's instance. */
const SC_INSTANCE_KEY = 20;
const CONTRACT_DATA = 6, PERSISTENT = 1;

/** What making a Soroban operation needs and yields beyond a classic one. */
export interface SorobanContext extends OperationContext {
  /** Contracts whose instances the call reads. */
  readonly contracts: Party[];
  /** The call's return value as SCVal. */
  readonly returnValue: XdrWriter;
}

/** Makes one successful Soroban operation, or answers false having changed nothing. */
export type SorobanMaker = (op: SorobanContext) => boolean;

/** An argument of a contract call: writes its SCVal. */
export type Argument = (out: XdrWriter) => void;

/** Argument: an i128. */
export function i128(value: bigint): Argument {
  return (out) => writeScI128(out, value);
}

/** Argument: the address of an account or contract. */
export function address(party: Party): Argument {
  return (out) => {
    out.word(ScType.address);
    writeScAddress(out, party);
  };
}

/** Writes an InvokeHostFunctionOp that calls a contract, authorized by the operation's source. */
export function writeInvocation(
  op: SorobanContext,
  contract: Party,
  name: string,
  args: readonly Argument[],
): void {
  const call = new XdrWriter();
  writeScAddress(call, contract);
  call.ascii(name).word(args.length);
  for (const argument of args) argument(call);
  op.body.word(OperationType.invokeHostFunction).word(0).append(call);
  op.body.word(1).word(0).word(0).append(call).word(0);
  if (!op.contracts.includes(contract)) op.contracts.push(contract);
}

/** Writes the return value and, once all events are in, the result that is the hash of both. */
export function finishInvocation(op: SorobanContext, value?: bigint): void {
  if (value === undefined) op.returnValue.word(ScType.void);
  else writeScI128(op.returnValue, value);
  const preimage = new XdrWriter().append(op.returnValue);
  op.events.peek(preimage);
  op.result.word(OperationType.invokeHostFunction).word(0).opaque(sha256(preimage));
}

/** SorobanTransactionData: the footprint is what the operation read and changed. */
export function writeSorobanData(out: XdrWriter, op: SorobanContext, resourceFee: bigint): void {
  // A call names those of its entries that it brings back from the archive.
  const restored = op.contracts.length === 0 ? [] : op.changes.restoredKeys;
  out.word(restored.length === 0 ? 0 : 1);
  if (restored.length > 0) out.word(restored.length);
  for (const position of restored) out.word(position);
  out.word(op.contracts.length);
  for (const contract of op.contracts) writeInstanceKey(out, contract);
  op.changes.writeKeys(out);
  out.word(op.prng.between(200_000, 4_000_000)); // instructions
  out.word(op.prng.between(200, 4_000)).word(op.prng.between(200, 2_000)).hyper(resourceFee);
}

/** DiagnosticEvent array with the call's beginning and end, as some validators keep them. */
export function writeDiagnostics(out: XdrWriter, op: SorobanContext, name: string): void {
  const contract = op.contracts[0];
  if (contract === undefined) {
    out.word(0);
    return;
  }
  out.word(2);
  // fn_call is told by the host, which is no contract; fn_return by the contract that was called.
  out.flag(true).word(0).flag(false).word(2).word(0).word(3);
  writeScSymbol(out, "fn_call");
  out.word(ScType.bytes).variableOpaque(contract.key);
  writeScSymbol(out, name);
  writeScI128(out, 0n);
  out.flag(true).word(0).flag(true).opaque(contract.key).word(2).word(0).word(2);
  writeScSymbol(out, "fn_return");
  writeScSymbol(out, name);
  out.append(op.returnValue);
}

function writeInstanceKey(out: XdrWriter, contract: Party): void {
  out.word(CONTRACT_DATA);
  writeScAddress(out, contract);
  out.word(SC_INSTANCE_KEY).word(PERSISTENT);
}
