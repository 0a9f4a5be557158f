import { EventList } from "./contract_event.ts";
import type { EntryChanges } from "./entry_changes.ts";
import type { AccountEntry, Party } from "./ledger_entry.ts";
import { drawSourceId, type OperationContext, writeMuxedAccount } from "./operation.ts";
import { type SorobanContext, type SorobanMaker, writeSorobanData } from "./soroban_call.ts";
import type { LedgerContext } from "./ledger_context.ts";
import type { XdrWriter } from "./xdr_writer.ts";

/** What the operations of one transaction share, of it. */
export type TransactionFacts = OperationContext["transaction"];

/** Makes the operations of one transaction, one after the other, and keeps their XDR. */
export class OperationRun {
  /** The Operation array without its length. */
  readonly bodies: XdrWriter;
  /** The OperationResult array without its length. */
  readonly results: XdrWriter;
  /** The OperationMeta (V2 from meta version 4 on) array without its length. */
  readonly metas: XdrWriter;
  readonly signers: AccountEntry[];
  count = 0;
  /** Operations that have metas: all, or none of a failed transaction. */
  metaCount = 0;
  readonly #context: LedgerContext;
  readonly #transaction: TransactionFacts;
  readonly #changes: EntryChanges;
  readonly #events: EventList;

  constructor(context: LedgerContext, transaction: TransactionFacts) {
    this.#context = context;
    this.#transaction = transaction;
    this.bodies = context.writers.take();
    this.results = context.writers.take();
    this.metas = context.writers.take();
    this.signers = [transaction.source];
    this.#changes = context.changes;
    this.#events = new EventList(context.metaVersion >= 4);
  }

  /** Makes a successful operation by the first maker that the world lets; the last always must. */
  make(makers: readonly SorobanMaker[]): void {
    const op = this.#first(makers);
    this.#keep(op);
    this.#writeMeta();
  }

  /** Makes the only operation of a Soroban transaction. */
  makeSoroban(makers: readonly SorobanMaker[], resourceFee: bigint): SorobanOutcome {
    const op = this.#first(makers);
    this.#keep(op);
    const data = this.#context.writers.take(), events = this.#context.writers.take();
    writeSorobanData(data, op, resourceFee);
    this.#events.peek(events);
    this.#writeMeta();
    return { op, data, events };
  }

  /** Makes an operation whose effects are undone, or that fails itself. */
  fail(make: (op: SorobanContext) => void): SorobanContext {
    const op = this.#begin();
    make(op);
    this.#keep(op);
    this.#events.clear();
    return op;
  }

  #first(makers: readonly SorobanMaker[]): SorobanContext {
    for (const make of makers) {
      const op = this.#begin();
      if (make(op)) return op;
    }
    throw new Error(`No operation could be made in ledger ${this.#context.ledger}`);
  }

  #begin(): SorobanContext {
    const { world, prng, ledger, writers } = this.#context;
    // An operation may name the transaction's source as its own, though it need not.
    const named = prng.chance(10), { source } = this.#transaction;
    return {
      world,
      prng,
      protocol: world.protocol,
      ledger,
      transaction: this.#transaction,
      index: this.count,
      source,
      sourceId: named ? drawSourceId(prng, world.protocol) : this.#transaction.sourceId,
      named,
      body: writers.take(),
      result: writers.take(),
      changes: this.#changes,
      events: this.#events,
      contracts: [] as Party[],
      returnValue: writers.take(),
    };
  }

  #keep(op: OperationContext): void {
    this.bodies.flag(op.named);
    if (op.named) writeMuxedAccount(this.bodies, op.source, op.sourceId);
    this.bodies.append(op.body);
    this.results.word(0).append(op.result);
    if (!this.signers.includes(op.source)) this.signers.push(op.source);
    this.count++;
  }

  #writeMeta(): void {
    const { metaVersion, ledger } = this.#context;
    if (metaVersion >= 4) this.metas.word(0);
    this.#changes.write(this.metas, ledger);
    if (metaVersion >= 4) this.#events.write(this.metas);
    else this.#events.clear();
    this.metaCount++;
  }
}

/** A Soroban operation that was made: SorobanTransactionData, and its events as an array. */
export interface SorobanOutcome {
  readonly op: SorobanContext;
  readonly data: XdrWriter;
  readonly events: XdrWriter;
}
