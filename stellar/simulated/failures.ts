import { SPONSORSHIP_PROTOCOL } from "./protocol_features.ts";
import { spendable } from "./balances.ts";
import { writeAccountId } from "./entry_writer.ts";
import { type OperationContext, otherUser, writeMuxedAccount } from "./operation.ts";
import { OperationType } from "../xdr/mod.ts";
import { address, i128, type SorobanContext, writeInvocation } from "./soroban_call.ts";

/** Makes an operation that fails: it writes body and result and leaves the world alone. */
type FailingMaker = (op: OperationContext) => void;

/** More of an asset than anybody has. */
const TOO_MUCH = 1n << 61n;

/** Draws one of the ways in which operations fail on real networks. */
export function makeFailure(op: OperationContext): void {
  const usable = FAILURES.filter(({ from }) => op.protocol >= from);
  op.prng.pick(usable).make(op);
}

const FAILURES: readonly { make: FailingMaker; from: number }[] = [
  { make: failPaymentUnderfunded, from: 0 },
  { make: failPaymentWithoutDestination, from: 0 },
  { make: failPathWithoutOffers, from: 0 },
  { make: failOfferUnderfunded, from: 0 },
  { make: failAccountExists, from: 0 },
  { make: failClaimUnknown, from: SPONSORSHIP_PROTOCOL },
];

function failPaymentUnderfunded(op: OperationContext): void {
  op.body.word(OperationType.payment);
  writeMuxedAccount(op.body, otherUser(op, op.source));
  op.body.raw(op.world.assets[0]!.xdr).hyper(spendable(op.source, op.world.assets[0]!) + TOO_MUCH);
  op.result.word(OperationType.payment).word(-2);
}

function failPaymentWithoutDestination(op: OperationContext): void {
  op.body.word(OperationType.payment).word(0).opaque(op.prng.bytes(32));
  op.body.raw(op.world.assets[0]!.xdr).hyper(op.prng.amount(100));
  op.result.word(OperationType.payment).word(-5);
}

function failPathWithoutOffers(op: OperationContext): void {
  const native = op.world.assets[0]!, other = op.prng.pick(op.world.assets.slice(1));
  op.body.word(OperationType.pathPaymentStrictReceive).raw(native.xdr).hyper(TOO_MUCH);
  writeMuxedAccount(op.body, otherUser(op, op.source));
  op.body.raw(other.xdr).hyper(TOO_MUCH).word(0);
  op.result.word(OperationType.pathPaymentStrictReceive).word(-10);
}

function failOfferUnderfunded(op: OperationContext): void {
  const native = op.world.assets[0]!, other = op.prng.pick(op.world.assets.slice(1));
  op.body.word(OperationType.manageSellOffer).raw(native.xdr).raw(other.xdr).hyper(TOO_MUCH);
  op.body.word(1).word(1).hyper(0n);
  op.result.word(OperationType.manageSellOffer).word(-7);
}

function failAccountExists(op: OperationContext): void {
  op.body.word(OperationType.createAccount);
  writeAccountId(op.body, otherUser(op, op.source));
  op.body.hyper(op.prng.amount(10));
  op.result.word(OperationType.createAccount).word(-4);
}

function failClaimUnknown(op: OperationContext): void {
  op.body.word(OperationType.claimClaimableBalance).word(0).opaque(op.prng.bytes(32));
  op.result.word(OperationType.claimClaimableBalance).word(-1);
}

/** A payment that would have worked: operations before the one that fails get their results, too. */
export function makeUndonePayment(op: OperationContext): void {
  op.body.word(OperationType.payment);
  writeMuxedAccount(op.body, otherUser(op, op.source));
  op.body.raw(op.world.assets[0]!.xdr).hyper(op.prng.amount(100));
  op.result.word(OperationType.payment).word(0);
}

/** A contract call that traps. */
export function makeFailedCall(op: SorobanContext): void {
  const asset = op.prng.pick(op.world.assets);
  writeInvocation(op, asset.contract, "transfer", [
    address(op.source),
    address(otherUser(op, op.source)),
    i128(TOO_MUCH),
  ]);
  op.result.word(OperationType.invokeHostFunction).word(-2);
}
