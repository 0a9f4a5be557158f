import { Sha256 } from "../../../stellar/mod.ts";
import {
  ClaimableBalanceEntryView,
  EnvelopeType,
  LedgerEntryChangeType,
  LedgerEntryType,
  skipAsset,
} from "../../../stellar/xdr/mod.ts";
import { EntryChanges } from "./entry_changes.ts";
import { EventType, NO_ADDRESS } from "./event_rows.ts";
import { move } from "./movement.ts";
import { operationChanges } from "./operation_result.ts";
import { type PoolChange, PoolChanges } from "./pool_changes.ts";
import type { TransferContext } from "./transfer_context.ts";

/** HashIDPreimage with ENVELOPE_TYPE_POOL_REVOKE_OP_ID and the longest asset. */
const MAX_PREIMAGE_BYTES = 4 + 36 + 8 + 4 + 32 + 52;

/**
 * Allow trust and set trust line flags: taking the authorization of a trustline away redeems the pool
 * shares that hang on it, and the network puts what comes out into claimable balances (CAP-38).
 *
 * Nothing in the ledger says which pool made which balance; the ids tell, as they follow from pool, asset,
 * and the number of the operation in the transaction (golden README, "Allow trust").
 */
export class RevocationRules {
  readonly #pools = new PoolChanges();
  readonly #changes = new EntryChanges();
  readonly #entry = new ClaimableBalanceEntryView();
  readonly #sha = new Sha256();
  readonly #preimage = new Uint8Array(MAX_PREIMAGE_BYTES);
  readonly #preimageView = new DataView(this.#preimage.buffer);
  readonly #id = new Uint8Array(32);
  readonly #idView = new DataView(this.#id.buffer);

  apply(context: TransferContext): void {
    this.#pools.read(context);
    for (let i = 0; i < this.#pools.count; i++) this.#redeem(context, this.#pools.pools[i]!);
  }

  /**
   * Two balances: both assets left the pool for them. One: the other asset went home to its issuer, who
   * was the holder of the shares, and is burned. None: the pool was empty.
   */
  #redeem(context: TransferContext, pool: PoolChange): void {
    const a = this.#createdBalance(context, pool, pool.assetA);
    const b = this.#createdBalance(context, pool, pool.assetB);
    if (a < 0 && b < 0) return;
    this.#moveToBalance(context, pool, a >= 0 ? a : b);
    if (a >= 0 && b >= 0) {
      this.#moveToBalance(context, pool, b);
      return;
    }
    // The asset that burns is the one that the balance does not hold.
    this.#entry.locate(context.index.reader, a >= 0 ? a : b);
    const held = context.asset(this.#entry.asset);
    const burnsB = held === context.asset(pool.assetA);
    const asset = context.asset(burnsB ? pool.assetB : pool.assetA);
    const amount = burnsB ? pool.amountB : pool.amountA;
    const id = context.liquidityPool(pool.id);
    context.addEvent(EventType.burn, asset, id, NO_ADDRESS, amount);
  }

  #moveToBalance(context: TransferContext, pool: PoolChange, entry: number): void {
    this.#entry.locate(context.index.reader, entry);
    const amount = context.amount.setInt64(context.view, this.#entry.amount);
    const balance = context.claimableBalance(this.#entry.balanceId + 4);
    const id = context.liquidityPool(pool.id);
    move(context, context.asset(this.#entry.asset), id, balance, amount);
  }

  /** The claimable balance that this pool's redemption of an asset created; -1 when it did not. */
  #createdBalance(context: TransferContext, pool: PoolChange, asset: number): number {
    this.#hashBalanceId(context, pool, asset);
    const changes = this.#changes.open(context.index.reader, operationChanges(context));
    let found = -1;
    while (changes.next()) {
      if (changes.type !== LedgerEntryChangeType.created) continue;
      if (changes.entryType !== LedgerEntryType.claimableBalance) continue;
      // ClaimableBalanceEntry: balanceID (type 4, hash 32) …; the last one of an id counts.
      if (this.#isId(context.view, changes.data + 8)) found = changes.data + 4;
    }
    return found;
  }

  #isId(view: DataView, p: number): boolean {
    for (let k = 0; k < 32; k += 4) {
      if (view.getInt32(p + k) !== this.#idView.getInt32(k)) return false;
    }
    return true;
  }

  /**
   * SHA-256 of HashIDPreimage: type(4) sourceAccount(4 + 32) seqNum(8) opNum(4) liquidityPoolID(32) asset.
   * Source and sequence number are those of the (inner) transaction, not of the operation.
   */
  #hashBalanceId(context: TransferContext, pool: PoolChange, asset: number): void {
    const { bytes, index, envelope } = context;
    const preimage = this.#preimage;
    const source = index.envelopes.sourceKey.data[envelope]!;
    const sequence = index.envelopes.sequenceNumber.data[envelope]!;
    this.#preimageView.setInt32(0, EnvelopeType.poolRevokeOpId);
    this.#preimageView.setInt32(4, 0);
    preimage.set(bytes.subarray(source, source + 32), 8);
    preimage.set(bytes.subarray(sequence, sequence + 8), 40);
    this.#preimageView.setInt32(48, context.operation);
    preimage.set(bytes.subarray(pool.id, pool.id + 32), 52);
    const assetEnd = skipAsset(index.reader, asset);
    preimage.set(bytes.subarray(asset, assetEnd), 84);
    this.#sha.hash(preimage, 0, 84 + assetEnd - asset, this.#id, 0);
  }
}
