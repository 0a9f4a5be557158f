import { move, moveToSource } from "./movement.ts";
import { type PoolChange, PoolChanges } from "./pool_changes.ts";
import type { TransferContext } from "./transfer_context.ts";

/** Deposits into and withdrawals from a liquidity pool: the change of its reserves, asset A, then B. */
export class LiquidityPoolRules {
  readonly #changes = new PoolChanges();

  deposit(context: TransferContext): void {
    const pool = this.#onlyPool(context);
    if (pool.amountA.isZero || pool.amountB.isZero) {
      throw context.fail("a deposit must add to both reserves of the pool");
    }
    const source = context.account(context.sourceKey);
    const id = context.liquidityPool(pool.id);
    move(context, context.asset(pool.assetA), source, id, pool.amountA);
    move(context, context.asset(pool.assetB), source, id, pool.amountB);
  }

  /** Rounding can leave one side of a withdrawal at zero; that is an event too. */
  withdraw(context: TransferContext): void {
    const pool = this.#onlyPool(context);
    const id = context.liquidityPool(pool.id);
    moveToSource(context, context.asset(pool.assetA), id, pool.amountA);
    moveToSource(context, context.asset(pool.assetB), id, pool.amountB);
  }

  #onlyPool(context: TransferContext): PoolChange {
    this.#changes.read(context);
    if (this.#changes.count !== 1) {
      throw context.fail(`its changes touch ${this.#changes.count} liquidity pools, one is due`);
    }
    return this.#changes.pools[0]!;
  }
}
