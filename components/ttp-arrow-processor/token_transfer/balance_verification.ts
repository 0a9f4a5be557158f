import {
  AccountEntryView,
  AssetType,
  ClaimableBalanceEntryView,
  LedgerEntryType,
  LiquidityPoolEntryConstantProductView,
  skipAsset,
  TransactionResultCode,
} from "../../../stellar/xdr/mod.ts";
import { AddressKind } from "./address_table.ts";
import { Amount } from "./amount.ts";
import { NATIVE_ASSET, NO_ASSET } from "./asset_table.ts";
import { EntryChanges } from "./entry_changes.ts";
import { NO_ADDRESS } from "./event_rows.ts";
import type { LedgerTransfers } from "./ledger_transfers.ts";
import type { TransferContext } from "./transfer_context.ts";

/** Up to this protocol a transaction that ended in an internal error left changes that were undone. */
const LAST_PROTOCOL_WITH_UNDONE_CHANGES = 12;
/** Assets that a key of holder and asset has room for: more than fit into the largest ledger. */
const ASSET_KEYS = 2 ** 22;

/** A holder's balance that changed by another amount than its events say, within one transaction. */
export interface BalanceMismatch {
  /** Position in apply order, from 1, as the column `transaction_index` has it. */
  readonly transactionIndex: number;
  /** Lower-case hex. */
  readonly transactionHash: string;
  /** Account (G…), claimable balance (B…) or liquidity pool (L…); as an event names it. */
  readonly holder: string;
  /** SEP-11: `native` or `CODE:ISSUER`. */
  readonly asset: string;
  /** By how much the balance changes by the events, in the asset's smallest unit; exact, signed. */
  readonly byEvents: string;
  /** By how much it changes by the ledger-entry changes. */
  readonly byChanges: string;
}

/** What a ledger entry says of one balance. */
interface Holding {
  readonly holder: number;
  readonly asset: number;
  readonly amount: bigint;
}

/** Change of one holder's balance of one asset, from both sides. */
interface Delta {
  readonly holder: number;
  readonly asset: number;
  byEvents: bigint;
  byChanges: bigint;
}

/**
 * Proves the events of a ledger: for each transaction, what its events say that every holder won or lost
 * of an asset must be what the ledger-entry changes of that transaction say. The rule is that of
 * `VerifyEvents` in SDF's Go processor (go-stellar-sdk v0.7.3, processors/token_transfer).
 *
 * Counted as changes: those of the fee, of the transaction before and after its operations, of the
 * operations, and of the fee after all transactions. Of the entries: accounts (native), trustlines but
 * those of pool shares, claimable balances, and both reserves of liquidity pools.
 *
 * Left out: events whose asset is not proven, and contracts as holders, because a contract keeps balances in
 * a form of its own.
 */
export class BalanceVerification {
  readonly #changes = new EntryChanges();
  readonly #account = new AccountEntryView();
  readonly #claimable = new ClaimableBalanceEntryView();
  readonly #product = new LiquidityPoolEntryConstantProductView();
  readonly #amount = new Amount();
  readonly #deltas = new Map<number, Delta>();

  /**
   * Holds the events that `transfers` has just read against the changes of the same ledger. No mismatch:
   * they are proven.
   *
   * @throws {TokenTransferError} when the changes cannot tell balances: TransactionMeta v0, or an entry
   * that is updated or removed without its state before.
   */
  verify(transfers: LedgerTransfers): BalanceMismatch[] {
    const { context, index } = transfers;
    const rows = rowsByTransaction(transfers);
    const mismatches: BalanceMismatch[] = [];
    for (let t = 0; t < index.transactionCount; t++) {
      context.beginTransaction(t);
      this.#deltas.clear();
      for (const row of rows[t]!) this.#addEvent(context, row);
      this.#addTransactionChanges(context);
      for (const delta of this.#deltas.values()) {
        if (delta.byEvents !== delta.byChanges) mismatches.push(mismatch(context, delta));
      }
    }
    return mismatches;
  }

  #addEvent(context: TransferContext, row: number): void {
    const { rows } = context;
    const asset = rows.asset(row);
    if (asset === NO_ASSET) return;
    const amount = rows.readAmount(row, this.#amount).toBigInt();
    const [from, to] = [rows.from(row), rows.to(row)];
    if (hasEntry(context, from)) this.#delta(from, asset).byEvents -= amount;
    if (hasEntry(context, to)) this.#delta(to, asset).byEvents += amount;
  }

  #addTransactionChanges(context: TransferContext): void {
    const { index: { results, protocolVersion }, transaction: t, view } = context;
    if (context.metaVersion === 0) {
      throw context.fail(
        "events cannot be held against the changes of TransactionMeta v0; have the ledger made again " +
          "by a newer stellar-core",
      );
    }
    this.#addChanges(context, results.feeChanges.data[t]!);
    this.#addChanges(context, results.changesBefore.data[t]!);
    const code = view.getInt32(results.feeCharged.data[t]! + 8); // the result follows the fee
    const undone = code === TransactionResultCode.txInternalError &&
      protocolVersion <= LAST_PROTOCOL_WITH_UNDONE_CHANGES;
    if (!undone) {
      const first = results.firstMeta.data[t]!;
      for (let i = first; i < first + results.metaCount.data[t]!; i++) {
        this.#addChanges(context, results.operationChanges.data[i]!);
      }
      this.#addChanges(context, results.changesAfter.data[t]!);
    }
    this.#addChanges(context, results.postFeeChanges.data[t]!);
  }

  #addChanges(context: TransferContext, list: number): void {
    const changes = this.#changes.open(context.index.reader, list);
    while (changes.next()) {
      if (changes.isOrphan) throw context.fail("a change lacks the STATE before it");
      const before = this.#holdings(context, changes.before);
      const after = this.#holdings(context, changes.after);
      for (let i = 0; i < Math.max(before.length, after.length); i++) {
        const { holder, asset } = (after[i] ?? before[i])!;
        // One change is an int64, as the reference has it; only their sum needs more.
        const change = BigInt.asIntN(64, (after[i]?.amount ?? 0n) - (before[i]?.amount ?? 0n));
        this.#delta(holder, asset).byChanges += change;
      }
    }
  }

  /**
   * The balances in the LedgerEntryData at `data`, -1 for no entry: two for a pool, none for an entry that
   * holds no asset.
   *
   * ```
   * AccountEntry         accountID(4 + 32) balance(8) …
   * TrustLineEntry       accountID(4 + 32) asset balance(8) …
   * LiquidityPoolEntry   liquidityPoolID[32] type = CONSTANT_PRODUCT(4) constantProduct
   * ```
   */
  #holdings(context: TransferContext, data: number): Holding[] {
    if (data < 0) return [];
    const { view, index: { reader } } = context;
    const entry = data + 4;
    switch (view.getInt32(data)) {
      case LedgerEntryType.account: {
        this.#account.locate(reader, entry);
        const holder = context.account(this.#account.accountId + 4);
        const amount = view.getBigInt64(this.#account.balance);
        return [{ holder, asset: NATIVE_ASSET, amount }];
      }
      case LedgerEntryType.trustline: {
        const assetAt = entry + 36;
        if (view.getInt32(assetAt) === AssetType.poolShare) return [];
        const amount = view.getBigInt64(skipAsset(reader, assetAt));
        return [{ holder: context.account(entry + 4), asset: context.asset(assetAt), amount }];
      }
      case LedgerEntryType.claimableBalance: {
        this.#claimable.locate(reader, entry);
        const holder = context.claimableBalance(this.#claimable.balanceId + 4);
        const amount = view.getBigInt64(this.#claimable.amount);
        return [{ holder, asset: context.asset(this.#claimable.asset), amount }];
      }
      case LedgerEntryType.liquidityPool: {
        this.#product.locate(reader, entry + 36);
        const { params, reserveA, reserveB } = this.#product;
        const holder = context.liquidityPool(entry);
        const [assetA, assetB] = [context.asset(params), context.asset(skipAsset(reader, params))];
        return [
          { holder, asset: assetA, amount: view.getBigInt64(reserveA) },
          { holder, asset: assetB, amount: view.getBigInt64(reserveB) },
        ];
      }
      default:
        return [];
    }
  }

  #delta(holder: number, asset: number): Delta {
    const key = holder * ASSET_KEYS + asset;
    let delta = this.#deltas.get(key);
    if (delta === undefined) {
      delta = { holder, asset, byEvents: 0n, byChanges: 0n };
      this.#deltas.set(key, delta);
    }
    return delta;
  }
}

/** The rows of each transaction: fees and refunds stand apart from its operations in the ledger's order. */
function rowsByTransaction({ context: { rows }, index }: LedgerTransfers): number[][] {
  const found: number[][] = Array.from({ length: index.transactionCount }, () => []);
  for (let row = 0; row < rows.length; row++) found[rows.transaction(row)]!.push(row);
  return found;
}

/** Whether an address of an event, if there is one, holds its balances in a ledger entry of theirs. */
function hasEntry({ addresses }: TransferContext, address: number): boolean {
  return address !== NO_ADDRESS && addresses.kind(address) !== AddressKind.contract;
}

function mismatch(context: TransferContext, delta: Delta): BalanceMismatch {
  const { index: { results }, bytes, transaction, addresses, assets } = context;
  const hash = results.hash.data[transaction]!;
  const { textStart, textEnd } = assets.facts[delta.asset]!;
  const decoder = new TextDecoder();
  return {
    transactionIndex: transaction + 1,
    transactionHash: bytes.subarray(hash, hash + 32).toHex(),
    holder: decoder.decode(
      addresses.text.subarray(addresses.textStart(delta.holder), addresses.textEnd(delta.holder)),
    ),
    asset: decoder.decode(assets.text.subarray(textStart, textEnd)),
    byEvents: String(delta.byEvents),
    byChanges: String(delta.byChanges),
  };
}
