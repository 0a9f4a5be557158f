import { type LedgerIndex, TransactionPairing } from "../../../stellar/mod.ts";
import { OperationType } from "../../../stellar/xdr/mod.ts";
import { AddressKind, AddressTable, MAX_ADDRESSES } from "./address_table.ts";
import { Amount } from "./amount.ts";
import { AssetTable, MAX_ASSETS } from "./asset_table.ts";
import { EventRows } from "./event_rows.ts";
import { TokenTransferError } from "./token_transfer_error.ts";

/**
 * What every rule works on: the ledger, the transaction and operation at hand, the tables of
 * addresses and assets, and the rows that events are added to.
 *
 * The rules are functions over this object. It is reused from ledger to ledger.
 */
export class TransferContext {
  readonly addresses = new AddressTable();
  readonly assets: AssetTable;
  /** Events of the ledger so far. */
  readonly rows = new EventRows();
  /** Fee refunds of the ledger, one row each, until their place in the order has come. */
  readonly refunds = new EventRows();
  readonly pairing = new TransactionPairing();
  /** Scratch for the amount of the event that is being added. */
  readonly amount = new Amount();

  /** Counts how often the tables were emptied: numbers of addresses and assets hold for one generation. */
  generation = 0;

  /** Transaction at hand, from 0, in apply order. */
  transaction = 0;
  /** Its envelope in the index. */
  envelope = 0;
  /** Operation at hand, from 0; -1 outside operations. */
  operation = -1;
  /** Position of the 32-byte key of the operation's source account. */
  sourceKey = 0;
  /** Position of that account's 64-bit id, -1 when it is not muxed. */
  sourceMuxedId = -1;
  /** Position of the arm of the operation's body, after its type. */
  body = 0;
  /** Type of the operation. */
  operationType = 0;

  #index: LedgerIndex | undefined;

  constructor(readonly networkId: Uint8Array) {
    this.assets = new AssetTable(networkId, this.addresses);
  }

  get index(): LedgerIndex {
    return this.#index!;
  }
  get view(): DataView {
    return this.#index!.reader.view;
  }
  get bytes(): Uint8Array {
    return this.#index!.reader.bytes;
  }

  /** Starts a ledger: no rows, and room in the tables. */
  beginLedger(index: LedgerIndex): void {
    this.#index = index;
    this.rows.clear();
    this.refunds.clear();
    this.operation = -1;
    if (this.addresses.size > MAX_ADDRESSES || this.assets.size > MAX_ASSETS) {
      this.addresses.clear();
      this.assets.clear();
      this.generation++;
    }
  }

  /** Starts a transaction of the ledger. */
  beginTransaction(transaction: number): void {
    this.transaction = transaction;
    this.envelope = this.pairing.envelopeOf[transaction]!;
    this.operation = -1;
  }

  /** Starts an operation of the transaction's envelope. */
  beginOperation(operation: number): void {
    const { envelopes } = this.index;
    const at = envelopes.firstOperation.data[this.envelope]! + operation;
    const ownSource = envelopes.operationSourceKey.data[at]!;
    this.operation = operation;
    if (ownSource >= 0) {
      this.sourceKey = ownSource;
      this.sourceMuxedId = envelopes.operationSourceMuxedId.data[at]!;
    } else {
      this.sourceKey = envelopes.sourceKey.data[this.envelope]!;
      this.sourceMuxedId = envelopes.sourceMuxedId.data[this.envelope]!;
    }
    this.body = envelopes.operationBody.data[at]! + 4;
    this.operationType = this.view.getInt32(this.body - 4);
  }

  /** Version of the transaction's meta, 0 to 4. */
  get metaVersion(): number {
    return this.index.results.metaVersion.data[this.transaction]!;
  }

  /** Address number of the account whose 32-byte key is at `p`. */
  account(p: number): number {
    return this.addresses.intern(AddressKind.account, this.view, p);
  }

  claimableBalance(hashAt: number): number {
    return this.addresses.intern(AddressKind.claimableBalance, this.view, hashAt);
  }

  liquidityPool(idAt: number): number {
    return this.addresses.intern(AddressKind.liquidityPool, this.view, idAt);
  }

  /** Asset number of the Asset at `p`. */
  asset(p: number): number {
    return this.assets.intern(this.bytes, this.view, p);
  }

  /** Adds an event of an asset that is known: its contract is the asset's own. Returns the row. */
  addEvent(type: number, asset: number, from: number, to: number, amount: Amount): number {
    const contract = this.assets.facts[asset]!.contract;
    return this.rows.add(
      type,
      this.transaction,
      this.operation,
      asset,
      contract,
      from,
      to,
      amount,
    );
  }

  /** Whether the 32 bytes at `a` and at `b` are the same. */
  sameKey(a: number, b: number): boolean {
    const { view } = this;
    for (let k = 0; k < 32; k += 4) {
      if (view.getInt32(a + k) !== view.getInt32(b + k)) return false;
    }
    return true;
  }

  /** The error that refuses the ledger because of the transaction or operation at hand. */
  fail(reason: string, options?: ErrorOptions): TokenTransferError {
    const { index } = this;
    const at = index.results.hash.data[this.transaction]!;
    const hash = this.bytes.subarray(at, at + 32).toHex();
    const operation = this.operation < 0
      ? ""
      : `, operation ${this.operation + 1} (${OPERATION_NAMES.get(this.operationType) ?? "?"})`;
    return new TokenTransferError(
      index.sequence,
      `Ledger ${index.sequence}, transaction ${
        this.transaction + 1
      } (${hash})${operation}: ${reason}`,
      options,
    );
  }
}

const OPERATION_NAMES = new Map<number, string>(
  Object.entries(OperationType).map(([name, value]) => [value, name]),
);
