import {
  LedgerEntryType,
  LiquidityPoolEntryConstantProductView,
  skipAsset,
} from "../../../stellar/xdr/mod.ts";
import { Amount } from "./amount.ts";
import { EntryChanges } from "./entry_changes.ts";
import { operationChanges } from "./operation_result.ts";
import type { TransferContext } from "./transfer_context.ts";

/** By how much one pool's reserves changed, without sign. */
export class PoolChange {
  /** Position of the pool's 32-byte id. */
  id = 0;
  /** Positions of the two Assets. */
  assetA = 0;
  assetB = 0;
  readonly amountA: Amount = new Amount();
  readonly amountB: Amount = new Amount();
}

/**
 * The liquidity pools among the changes of an operation. A pool that is created starts from nothing, one
 * that is removed ends at nothing. `pools[0, count)` are valid until the next `read`.
 *
 * ```
 * LiquidityPoolEntry   liquidityPoolID[32] type = CONSTANT_PRODUCT(4) constantProduct
 * params               assetA assetB fee(4)
 * ```
 */
export class PoolChanges {
  readonly pools: PoolChange[] = [];
  count = 0;
  readonly #changes = new EntryChanges();
  readonly #product = new LiquidityPoolEntryConstantProductView();
  readonly #before = new Amount();

  /** Reads the pools of the operation at hand, in the order of their ids (their ledger keys). */
  read(context: TransferContext): void {
    this.count = 0;
    const changes = this.#changes.open(context.index.reader, operationChanges(context));
    while (changes.next()) {
      if (changes.isOrphan) throw context.fail("a change lacks the STATE before it");
      if (changes.before < 0 && changes.after < 0) continue; // a STATE, whose change follows
      const entry = changes.after >= 0 ? changes.after : changes.before;
      if (context.view.getInt32(entry) !== LedgerEntryType.liquidityPool) continue;
      this.#add(context, changes);
    }
    this.#sort(context);
  }

  #add(context: TransferContext, changes: EntryChanges): void {
    const { view } = context;
    const pool = this.pools[this.count++] ?? (this.pools[this.count - 1] = new PoolChange());
    pool.amountA.setZero();
    pool.amountB.setZero();
    if (changes.before >= 0) {
      this.#locate(context, pool, changes.before);
      pool.amountA.setInt64(view, this.#product.reserveA);
      pool.amountB.setInt64(view, this.#product.reserveB);
    }
    if (changes.after >= 0) {
      this.#locate(context, pool, changes.after);
      pool.amountA.subtract(this.#before.setInt64(view, this.#product.reserveA));
      pool.amountB.subtract(this.#before.setInt64(view, this.#product.reserveB));
    }
    pool.amountA.abs();
    pool.amountB.abs();
  }

  #locate(context: TransferContext, pool: PoolChange, data: number): void {
    const { reader } = context.index;
    pool.id = data + 4;
    this.#product.locate(reader, data + 40);
    pool.assetA = this.#product.params;
    pool.assetB = skipAsset(reader, pool.assetA);
  }

  /** Insertion sort: there are two pools at the most but for odd ledgers, and equal ids keep their order. */
  #sort(context: TransferContext): void {
    for (let i = 1; i < this.count; i++) {
      const pool = this.pools[i]!;
      let k = i - 1;
      while (k >= 0 && compareKeys(context.view, this.pools[k]!.id, pool.id) > 0) {
        this.pools[k + 1] = this.pools[k]!;
        k--;
      }
      this.pools[k + 1] = pool;
    }
  }
}

function compareKeys(view: DataView, a: number, b: number): number {
  for (let k = 0; k < 32; k += 4) {
    const difference = view.getUint32(a + k) - view.getUint32(b + k);
    if (difference !== 0) return difference;
  }
  return 0;
}
