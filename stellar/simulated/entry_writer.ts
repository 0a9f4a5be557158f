import {
  LIABILITIES_PROTOCOL,
  POOL_PROTOCOL,
  SEQUENCE_TIME_PROTOCOL,
  SPONSORSHIP_PROTOCOL,
} from "./protocol_features.ts";
import {
  type AccountEntry,
  type ClaimableBalanceEntry,
  type ContractDataEntry,
  EntryType,
  isPool,
  type LedgerEntry,
  type LiquidityPoolEntry,
  type OfferEntry,
  type Party,
  PartyType,
  type Predicate,
  type TrustLineEntry,
} from "./ledger_entry.ts";
import { writeScAddress, writeScI128, writeScSymbol } from "./sc_value.ts";
import type { XdrWriter } from "./xdr_writer.ts";

/** Fee of every liquidity pool in basis points (LIQUIDITY_POOL_FEE_V18). */
export const POOL_FEE_BASIS_POINTS = 30;

const SC_VAL_MAP = 17;
const SC_VAL_VEC = 16;
const SC_VAL_BOOL = 0;
const PERSISTENT = 1;

/** Some absolute time in the claimants' predicates, long after the simulated network's genesis. */
const PREDICATE_DEADLINE_S = 4_102_444_800n;
const PREDICATE_RELATIVE_S = 31_536_000n;

/** PublicKey of an account (AccountID). */
export function writeAccountId(out: XdrWriter, account: Party): void {
  out.word(0).opaque(account.key);
}

/** LedgerEntry with the images of the protocol's extensions. */
export function writeLedgerEntry(out: XdrWriter, entry: LedgerEntry, protocol: number): void {
  out.word(entry.modified).word(entry.type);
  switch (entry.type) {
    case EntryType.account:
      writeAccount(out, entry, protocol);
      break;
    case EntryType.trustLine:
      writeTrustLine(out, entry, protocol);
      break;
    case EntryType.offer:
      writeOffer(out, entry);
      break;
    case EntryType.data:
      writeAccountId(out, entry.owner);
      out.ascii(entry.name).variableOpaque(entry.value).word(0);
      break;
    case EntryType.claimableBalance:
      writeClaimableBalance(out, entry);
      break;
    case EntryType.liquidityPool:
      writePool(out, entry);
      break;
    case EntryType.contractData:
      writeContractData(out, entry);
      break;
    case EntryType.ttl:
      out.opaque(entry.key).word(entry.liveUntil);
      break;
  }
  if (entry.sponsor === undefined) out.word(0);
  else {
    out.word(1).flag(true);
    writeAccountId(out, entry.sponsor);
    out.word(0);
  }
}

/** LedgerKey of an entry. */
export function writeLedgerKey(out: XdrWriter, entry: LedgerEntry): void {
  out.word(entry.type);
  switch (entry.type) {
    case EntryType.account:
      writeAccountId(out, entry);
      break;
    case EntryType.trustLine:
      writeAccountId(out, entry.owner);
      writeTrustLineAsset(out, entry);
      break;
    case EntryType.offer:
      writeAccountId(out, entry.seller);
      out.hyper(entry.id);
      break;
    case EntryType.data:
      writeAccountId(out, entry.owner);
      out.ascii(entry.name);
      break;
    case EntryType.claimableBalance:
      out.word(0).opaque(entry.key);
      break;
    case EntryType.liquidityPool:
      out.opaque(entry.key);
      break;
    case EntryType.contractData:
      writeScAddress(out, entry.contract);
      writeBalanceKey(out, entry.holder);
      out.word(PERSISTENT);
      break;
    case EntryType.ttl:
      out.opaque(entry.key);
      break;
  }
}

function writeAccount(out: XdrWriter, account: AccountEntry, protocol: number): void {
  writeAccountId(out, account);
  out.hyper(account.balance).hyper(account.sequence).word(account.subEntries);
  out.flag(account.inflationDestination !== undefined);
  if (account.inflationDestination) writeAccountId(out, account.inflationDestination);
  out.word(account.flags).ascii(account.homeDomain);
  out.word(account.masterWeight << 24).word(0); // thresholds, then no signers
  const timed = protocol >= SEQUENCE_TIME_PROTOCOL && account.sequenceLedger > 0;
  const sponsorship = protocol >= SPONSORSHIP_PROTOCOL &&
    (account.sponsored > 0 || account.sponsoring > 0);
  const liable = protocol >= LIABILITIES_PROTOCOL &&
    (account.buying > 0n || account.selling > 0n);
  if (!timed && !sponsorship && !liable) {
    out.word(0);
    return;
  }
  out.word(1).hyper(account.buying).hyper(account.selling);
  if (!timed && !sponsorship) {
    out.word(0);
    return;
  }
  out.word(2).word(account.sponsored).word(account.sponsoring).word(0);
  if (!timed) out.word(0);
  else out.word(3).word(0).word(account.sequenceLedger).hyper(BigInt(account.sequenceTime));
}

function writeTrustLineAsset(out: XdrWriter, line: TrustLineEntry): void {
  if (isPool(line.asset)) out.word(3).opaque(line.asset.key);
  else out.raw(line.asset.xdr);
}

function writeTrustLine(out: XdrWriter, line: TrustLineEntry, protocol: number): void {
  writeAccountId(out, line.owner);
  writeTrustLineAsset(out, line);
  out.hyper(line.balance).hyper(line.limit).word(line.flags);
  const pooled = protocol >= POOL_PROTOCOL && line.poolUses > 0;
  const liable = protocol >= LIABILITIES_PROTOCOL && (line.buying > 0n || line.selling > 0n);
  if (!pooled && !liable) {
    out.word(0);
    return;
  }
  out.word(1).hyper(line.buying).hyper(line.selling);
  if (pooled) out.word(2).word(line.poolUses).word(0);
  else out.word(0);
}

/** OfferEntry, which results of offer operations hold as well. */
export function writeOffer(out: XdrWriter, offer: OfferEntry): void {
  writeAccountId(out, offer.seller);
  out.hyper(offer.id).raw(offer.selling.xdr).raw(offer.buying.xdr).hyper(offer.amount);
  out.word(offer.priceN).word(offer.priceD).flag(offer.passive).word(0);
}

/** The claimants, as the entry and the operation that makes it hold them. */
export function writeClaimants(
  out: XdrWriter,
  claimants: ClaimableBalanceEntry["claimants"],
): void {
  out.word(claimants.length);
  for (const { account, predicate } of claimants) {
    out.word(0);
    writeAccountId(out, account);
    writePredicate(out, predicate);
  }
}

function writePredicate(out: XdrWriter, predicate: Predicate): void {
  switch (predicate) {
    case "unconditional":
      out.word(0);
      break;
    case "and":
      out.word(1).word(2);
      writePredicate(out, "absolute");
      writePredicate(out, "relative");
      break;
    case "or":
      out.word(2).word(2);
      writePredicate(out, "relative");
      writePredicate(out, "unconditional");
      break;
    case "not":
      out.word(3).flag(true);
      writePredicate(out, "absolute");
      break;
    case "absolute":
      out.word(4).hyper(PREDICATE_DEADLINE_S);
      break;
    case "relative":
      out.word(5).hyper(PREDICATE_RELATIVE_S);
      break;
  }
}

function writeClaimableBalance(out: XdrWriter, balance: ClaimableBalanceEntry): void {
  out.word(0).opaque(balance.key);
  writeClaimants(out, balance.claimants);
  out.raw(balance.asset.xdr).hyper(balance.amount);
  if (balance.clawback) out.word(1).word(0).word(1);
  else out.word(0);
}

/** The parameters that a pool's id is the hash of, without the pool's type. */
export function writePoolParameters(
  out: XdrWriter,
  pool: Pick<LiquidityPoolEntry, "assetA" | "assetB">,
): void {
  out.raw(pool.assetA.xdr).raw(pool.assetB.xdr).word(POOL_FEE_BASIS_POINTS);
}

function writePool(out: XdrWriter, pool: LiquidityPoolEntry): void {
  out.opaque(pool.key).word(0);
  writePoolParameters(out, pool);
  out.hyper(pool.reserveA).hyper(pool.reserveB).hyper(pool.shares).hyper(BigInt(pool.trustLines));
}

/** The key `["Balance", holder]` that token contracts store a balance under. */
function writeBalanceKey(out: XdrWriter, holder: Party): void {
  out.word(SC_VAL_VEC).flag(true).word(2);
  writeScSymbol(out, "Balance");
  out.word(18);
  writeScAddress(out, holder);
}

function writeContractData(out: XdrWriter, data: ContractDataEntry): void {
  out.word(0);
  writeScAddress(out, data.contract);
  writeBalanceKey(out, data.holder);
  out.word(PERSISTENT);
  if (data.form === "plain") {
    writeScI128(out, data.amount);
    return;
  }
  out.word(SC_VAL_MAP).flag(true).word(3);
  writeScSymbol(out, "amount");
  writeScI128(out, data.amount);
  writeScSymbol(out, "authorized");
  out.word(SC_VAL_BOOL).flag(true);
  writeScSymbol(out, "clawback");
  out.word(SC_VAL_BOOL).flag(data.clawback);
}

/** True when an entry's holder is an account, whose trust line then holds the SAC balance. */
export function isAccount(party: Party): party is AccountEntry {
  return party.party === PartyType.account;
}
