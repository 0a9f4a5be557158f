import {
  ClaimAtomType,
  ClaimLiquidityAtomView,
  ClaimOfferAtomV0View,
  ClaimOfferAtomView,
  OperationType,
} from "../../../stellar/xdr/mod.ts";
import { move } from "./movement.ts";
import { successArm } from "./operation_result.ts";
import type { TransferContext } from "./transfer_context.ts";

/**
 * Trades: for each claimed atom the seller sends what was sold to the operation's source, which sends
 * back what was bought. The seller of a pool's atom is the pool. Amounts of zero are events too.
 */
export class TradeRules {
  readonly #v0 = new ClaimOfferAtomV0View();
  readonly #orderBook = new ClaimOfferAtomView();
  readonly #pool = new ClaimLiquidityAtomView();

  manageSellOffer(context: TransferContext): void {
    this.atoms(context, successArm(context, OperationType.manageSellOffer));
  }

  manageBuyOffer(context: TransferContext): void {
    this.atoms(context, successArm(context, OperationType.manageBuyOffer));
  }

  /** Networks write the result of a passive offer into the arm of a sell offer; so it is read there. */
  createPassiveSellOffer(context: TransferContext): void {
    this.atoms(context, successArm(context, OperationType.manageSellOffer));
  }

  /** Adds the events of the ClaimAtom array at `p`; returns the position after it. */
  atoms(context: TransferContext, p: number): number {
    const n = context.view.getUint32(p);
    p += 4;
    for (let i = 0; i < n; i++) p = this.#atom(context, p);
    return p;
  }

  #atom(context: TransferContext, p: number): number {
    const { view } = context;
    const { reader } = context.index;
    const type = view.getInt32(p);
    p += 4;
    if (type === ClaimAtomType.liquidityPool) {
      const atom = this.#pool;
      atom.locate(reader, p);
      const seller = context.liquidityPool(atom.liquidityPoolId);
      return this.#exchange(context, seller, atom);
    }
    if (type === ClaimAtomType.v0) {
      const atom = this.#v0;
      atom.locate(reader, p);
      return this.#exchange(context, context.account(atom.sellerEd25519), atom);
    }
    const atom = this.#orderBook;
    atom.locate(reader, p);
    return this.#exchange(context, context.account(atom.sellerId + 4), atom);
  }

  #exchange(context: TransferContext, seller: number, atom: Exchange): number {
    const { view, amount } = context;
    const source = context.account(context.sourceKey);
    const sold = context.asset(atom.assetSold);
    move(context, sold, seller, source, amount.setInt64(view, atom.amountSold));
    const bought = context.asset(atom.assetBought);
    move(context, bought, source, seller, amount.setInt64(view, atom.amountBought));
    return atom.end;
  }
}

/** What the three kinds of claim atom have in common, as positions. */
interface Exchange {
  assetSold: number;
  amountSold: number;
  assetBought: number;
  amountBought: number;
  end: number;
}
