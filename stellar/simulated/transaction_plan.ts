import {
  BUMP_SEQUENCE_PROTOCOL,
  BUY_OFFER_PROTOCOL,
  CLAWBACK_PROTOCOL,
  FEE_BUMP_PROTOCOL,
  LAST_INFLATION_PROTOCOL,
  POOL_PROTOCOL,
  SOROBAN_PROTOCOL,
  SPONSORSHIP_PROTOCOL,
  STRICT_SEND_PROTOCOL,
} from "./protocol_features.ts";
import {
  makeAssetBurn,
  makeAssetClawback,
  makeAssetMint,
  makeAssetTransfer,
  makeVaultSwap,
  makeVaultWithdrawal,
} from "./asset_contract_calls.ts";
import {
  makeBeginSponsoring,
  makeEndSponsoring,
  makeManageData,
  makeRevokeSponsorship,
  makeSponsoredData,
} from "./account_data.ts";
import {
  makeClaimClaimableBalance,
  makeClawbackClaimableBalance,
  makeCreateClaimableBalance,
} from "./claimable_balances.ts";
import type { AccountEntry } from "./ledger_entry.ts";
import { makePoolDeposit, makePoolTrust, makePoolWithdraw } from "./liquidity_pools.ts";
import { makeBuyOffer, makePassiveOffer, makeSellOffer } from "./offers.ts";
import type { OperationMaker } from "./operation.ts";
import { makePathPaymentStrictReceive, makePathPaymentStrictSend } from "./path_payments.ts";
import {
  makeAccountMerge,
  makeCreateAccount,
  makeIssuedPayment,
  makeIssuerPayment,
  makeNativePayment,
  makePaymentToIssuer,
} from "./payment.ts";
import type { Prng } from "./prng.ts";
import {
  makeBumpSequence,
  makeChangeTrust,
  makeInflation,
  makeSetOptions,
} from "./quiet_operations.ts";
import type { SorobanMaker } from "./soroban_call.ts";
import {
  makeExtendLifetime,
  makeRestoreFootprint,
  makeTokenApproval,
  makeTokenBurn,
  makeTokenMint,
  makeTokenTransfer,
} from "./token_contract_calls.ts";
import { makeAllowTrust, makeClawback, makeSetTrustLineFlags } from "./trust_authorization.ts";
import type { World } from "./world.ts";

/** Of a hundred transactions so many are Soroban's, fail, or have their fee paid by another. */
const SOROBAN_PERCENT = 25, FAILED_PERCENT = 8, FEE_BUMP_PERCENT = 10;
/** Of a hundred classic transactions so many merge an account, or hold a sponsorship. */
const MERGE_PERCENT = 4, SPONSORSHIP_PERCENT = 2;
/** Stroops that an account has before it sends a transaction: far more than its reserve and a fee. */
const SOLVENT = 1_000_000_000n;
/** Greatest number of tries to find an account that no other transaction of the ledger has. */
const MAX_SOURCE_TRIES = 50;

/** A transaction of the coming ledger, before its fee is charged. */
export interface TransactionPlan {
  readonly source: AccountEntry;
  /** Whose account pays: the source, or somebody else by a fee bump. */
  readonly payer: AccountEntry;
  readonly feeBump: boolean;
  readonly outcome: "success" | "failed" | "badSequence";
  /** For each operation the makers to be tried in turn. */
  readonly operations: readonly (readonly OperationMaker[])[];
  /** Set instead of operations for a Soroban transaction, which has one operation. */
  readonly soroban: SorobanMaker | undefined;
  /** Charged before anything is applied; a Soroban transaction gets part of it back. */
  readonly charged: bigint;
  readonly resourceFee: bigint;
}

interface Weighted<T> {
  readonly make: T;
  readonly weight: number;
  readonly from?: number;
  readonly to?: number;
}

const CLASSIC: readonly Weighted<OperationMaker>[] = [
  { make: makeNativePayment, weight: 14 },
  { make: makeIssuedPayment, weight: 14 },
  { make: makeIssuerPayment, weight: 4 },
  { make: makePaymentToIssuer, weight: 4 },
  { make: makeCreateAccount, weight: 3 },
  { make: makePathPaymentStrictReceive, weight: 9 },
  { make: makePathPaymentStrictSend, weight: 12, from: STRICT_SEND_PROTOCOL },
  { make: makeSellOffer, weight: 14 },
  { make: makeBuyOffer, weight: 6, from: BUY_OFFER_PROTOCOL },
  { make: makePassiveOffer, weight: 2 },
  { make: makeSetOptions, weight: 2 },
  { make: makeChangeTrust, weight: 3 },
  { make: makeAllowTrust, weight: 3 },
  { make: makeManageData, weight: 3 },
  { make: makeBumpSequence, weight: 1, from: BUMP_SEQUENCE_PROTOCOL },
  { make: makeInflation, weight: 1, to: LAST_INFLATION_PROTOCOL },
  { make: makeCreateClaimableBalance, weight: 7, from: SPONSORSHIP_PROTOCOL },
  { make: makeClaimClaimableBalance, weight: 5, from: SPONSORSHIP_PROTOCOL },
  { make: makeRevokeSponsorship, weight: 1, from: SPONSORSHIP_PROTOCOL },
  { make: makeClawback, weight: 3, from: CLAWBACK_PROTOCOL },
  { make: makeClawbackClaimableBalance, weight: 2, from: CLAWBACK_PROTOCOL },
  { make: makeSetTrustLineFlags, weight: 4, from: CLAWBACK_PROTOCOL },
  { make: makePoolTrust, weight: 3, from: POOL_PROTOCOL },
  { make: makePoolDeposit, weight: 7, from: POOL_PROTOCOL },
  { make: makePoolWithdraw, weight: 3, from: POOL_PROTOCOL },
];

const SOROBAN: readonly Weighted<SorobanMaker>[] = [
  { make: makeAssetTransfer, weight: 20 },
  { make: makeAssetMint, weight: 5 },
  { make: makeAssetBurn, weight: 4 },
  { make: makeAssetClawback, weight: 4 },
  { make: makeVaultWithdrawal, weight: 8 },
  { make: makeVaultSwap, weight: 14 },
  { make: makeTokenTransfer, weight: 14 },
  { make: makeTokenMint, weight: 5 },
  { make: makeTokenBurn, weight: 5 },
  { make: makeTokenApproval, weight: 2 },
  { make: makeExtendLifetime, weight: 2 },
  { make: makeRestoreFootprint, weight: 1 },
];

/** Makers that are tried for an operation before it becomes a payment of lumens. */
const CHOICES = 3;

/** How many operations a transaction has; most have one. */
const OPERATION_COUNTS: readonly number[] = [1, 1, 1, 1, 1, 2, 2, 3, 4, 6];

/** Draws the transactions of one ledger, in the order in which they will be applied. */
export function planLedger(
  world: World,
  prng: Prng,
  transactions: number,
  baseFee: bigint,
): TransactionPlan[] {
  const classic: TransactionPlan[] = [], soroban: TransactionPlan[] = [];
  const taken = new Set<AccountEntry>();
  for (let i = 0; i < transactions; i++) {
    if (world.protocol >= SOROBAN_PROTOCOL && prng.chance(SOROBAN_PERCENT)) {
      soroban.push(planSoroban(world, prng, taken, baseFee));
    } else classic.push(planClassic(world, prng, taken, baseFee));
  }
  // Phases are applied one after the other: Soroban never before classic.
  return [...classic, ...soroban];
}

function planClassic(
  world: World,
  prng: Prng,
  taken: Set<AccountEntry>,
  baseFee: bigint,
): TransactionPlan {
  const { protocol } = world;
  const guest = prng.chance(MERGE_PERCENT) ? freeGuest(world, prng, taken) : undefined;
  if (guest !== undefined) {
    return {
      source: guest,
      payer: guest,
      feeBump: false,
      outcome: "success",
      operations: [[makeAccountMerge]],
      soroban: undefined,
      charged: baseFee,
      resourceFee: 0n,
    };
  }
  const source = freeUser(world, prng, taken);
  const operations = protocol >= SPONSORSHIP_PROTOCOL && prng.chance(SPONSORSHIP_PERCENT)
    ? [[makeBeginSponsoring], [makeSponsoredData], [makeEndSponsoring]]
    : Array.from({ length: prng.pick(OPERATION_COUNTS) }, () => drawChoices(prng, protocol));
  const feeBump = drawFeeBump(world, prng);
  const payer = feeBump ? solventUser(world, prng) : source;
  const outcome = !prng.chance(FAILED_PERCENT)
    ? "success"
    : prng.chance(15) && !feeBump
    ? "badSequence"
    : "failed";
  const charged = baseFee * BigInt(operations.length + (feeBump ? 1 : 0));
  const fees = { charged, resourceFee: 0n };
  return { source, payer, feeBump, outcome, operations, soroban: undefined, ...fees };
}

function planSoroban(
  world: World,
  prng: Prng,
  taken: Set<AccountEntry>,
  baseFee: bigint,
): TransactionPlan {
  const source = freeUser(world, prng, taken), feeBump = drawFeeBump(world, prng);
  const payer = feeBump ? solventUser(world, prng) : source;
  const resourceFee = BigInt(prng.between(20_000, 2_000_000));
  return {
    source,
    payer,
    feeBump,
    outcome: prng.chance(FAILED_PERCENT) ? "failed" : "success",
    operations: [],
    soroban: draw(SOROBAN, prng, world.protocol),
    charged: baseFee * (feeBump ? 2n : 1n) + resourceFee,
    resourceFee,
  };
}

/** Some makers of which one is likely to find the world as it needs it, and one that always does. */
function drawChoices(prng: Prng, protocol: number): OperationMaker[] {
  const choices = [];
  for (let i = 0; i < CHOICES; i++) choices.push(draw(CLASSIC, prng, protocol));
  return [...choices, makeNativePayment];
}

function drawFeeBump(world: World, prng: Prng): boolean {
  return world.protocol >= FEE_BUMP_PROTOCOL && prng.chance(FEE_BUMP_PERCENT);
}

function freeGuest(
  world: World,
  prng: Prng,
  taken: Set<AccountEntry>,
): AccountEntry | undefined {
  if (world.guests.length === 0) return undefined;
  const guest = prng.pick(world.guests);
  if (taken.has(guest)) return undefined;
  taken.add(guest);
  return guest;
}

/** A user who can pay the fees of some transactions, as long as one is soon found. */
function solventUser(world: World, prng: Prng): AccountEntry {
  let user = prng.pick(world.users);
  for (let tries = 0; tries < MAX_SOURCE_TRIES && user.balance < SOLVENT; tries++) {
    user = prng.pick(world.users);
  }
  return user;
}

/** A user who sends no other transaction in this ledger, as long as there is one. */
function freeUser(world: World, prng: Prng, taken: Set<AccountEntry>): AccountEntry {
  let user = solventUser(world, prng);
  for (let tries = 0; tries < MAX_SOURCE_TRIES && taken.has(user); tries++) {
    user = solventUser(world, prng);
  }
  taken.add(user);
  return user;
}

function draw<T>(table: readonly Weighted<T>[], prng: Prng, protocol: number): T {
  const usable = table.filter(({ from, to }) =>
    protocol >= (from ?? 0) && protocol <= (to ?? Infinity)
  );
  let at = prng.below(usable.reduce((sum, { weight }) => sum + weight, 0));
  for (const { make, weight } of usable) {
    if (at < weight) return make;
    at -= weight;
  }
  throw new Error("The weights of a table do not add up");
}
