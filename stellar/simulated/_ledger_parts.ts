import { createHash } from "node:crypto";
import { xdr } from "@stellar/stellar-sdk";

/** What tests look at in a LedgerCloseMeta, whatever its version, as the SDK decodes it. */
export interface LedgerParts {
  readonly close: xdr.LedgerCloseMeta;
  readonly entry: xdr.LedgerHeaderHistoryEntry;
  /** Envelopes in the order of the set, with the lists in which they have to be sorted. */
  readonly envelopes: readonly xdr.TransactionEnvelope[];
  readonly sortedLists: readonly (readonly xdr.TransactionEnvelope[])[];
  readonly setHash: string;
  readonly results: readonly xdr.TransactionResultPair[];
  readonly metas: readonly xdr.TransactionMeta[];
  /** Entry changes in the order in which they happened. */
  readonly changes: readonly xdr.LedgerEntryChange[];
}

/** Decodes a ledger strictly; throws when it is not exactly one LedgerCloseMeta. */
export function decodeLedger(bytes: Uint8Array): LedgerParts {
  const close = xdr.LedgerCloseMeta.fromXdr(bytes);
  const body = close.type === "v0" ? close.v0 : close.type === "v1" ? close.v1 : close.v2;
  const sortedLists: xdr.TransactionEnvelope[][] = [];
  let setHash: string;
  if (close.type === "v0") {
    sortedLists.push([...close.v0.txSet.txs]);
    const contents = createHash("sha256").update(close.v0.txSet.previousLedgerHash.toXdr());
    for (const envelope of close.v0.txSet.txs) contents.update(envelope.toXdr());
    setHash = contents.digest("hex");
  } else {
    const set = close.type === "v1" ? close.v1.txSet : close.v2.txSet;
    setHash = sha256Hex(set.toXdr());
    for (const phase of set.v1TxSet.phases) {
      if (phase.type === "v0Components") {
        for (const part of phase.v0Components) {
          sortedLists.push([...part.txsMaybeDiscountedFee.txs]);
        }
      } else {
        for (const stage of phase.parallelTxsComponent.executionStages) {
          for (const cluster of stage) sortedLists.push([...cluster]);
        }
      }
    }
  }
  const processing = body.txProcessing;
  const changes: xdr.LedgerEntryChange[] = [];
  for (const one of processing) changes.push(...one.feeProcessing);
  for (const one of processing) changes.push(...changesOfMeta(one.txApplyProcessing));
  if (close.type === "v2") {
    for (const one of close.v2.txProcessing) changes.push(...one.postTxApplyFeeProcessing);
  }
  return {
    close,
    entry: body.ledgerHeader,
    envelopes: sortedLists.flat(),
    sortedLists,
    setHash,
    results: processing.map((one) => one.result),
    metas: processing.map((one) => one.txApplyProcessing),
    changes,
  };
}

/** The entry changes of a transaction's meta in order. */
export function changesOfMeta(meta: xdr.TransactionMeta): xdr.LedgerEntryChange[] {
  switch (meta.type) {
    case "v1":
      return [...meta.v1.txChanges, ...meta.v1.operations.flatMap((one) => [...one.changes])];
    case "v2":
    case "v3":
    case "v4": {
      const body = meta.type === "v2" ? meta.v2 : meta.type === "v3" ? meta.v3 : meta.v4;
      return [
        ...body.txChangesBefore,
        ...body.operations.flatMap((one) => [...one.changes]),
        ...body.txChangesAfter,
      ];
    }
    default:
      throw new Error(`A meta of type ${meta.type} is not expected`);
  }
}

/** Operations of an envelope: the inner transaction's for a fee bump. */
export function operationsOf(envelope: xdr.TransactionEnvelope): readonly xdr.Operation[] {
  switch (envelope.type) {
    case "envelopeTypeTxV0":
      return envelope.v0.tx.operations;
    case "envelopeTypeTx":
      return envelope.v1.tx.operations;
    case "envelopeTypeTxFeeBump":
      return envelope.feeBump.tx.innerTx.v1.tx.operations;
  }
}

/** Contract events of a meta with their names. */
export function eventsOf(meta: xdr.TransactionMeta): { name: string; event: xdr.ContractEvent }[] {
  const events: xdr.ContractEvent[] = [];
  if (meta.type === "v3") events.push(...meta.v3.sorobanMeta?.events ?? []);
  if (meta.type === "v4") {
    events.push(...meta.v4.events.map((one) => one.event));
    for (const operation of meta.v4.operations) events.push(...operation.events);
  }
  return namedEvents(events);
}

/** Events with the name of each, the symbol that is its first topic. */
export function namedEvents(
  events: readonly xdr.ContractEvent[],
): { name: string; event: xdr.ContractEvent }[] {
  return events.map((event) => {
    const topic = event.body.v0.topics[0]!;
    return { name: topic.type === "scvSymbol" ? String(topic.sym) : "", event };
  });
}

/** SHA-256 in lower-case hex. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Bytes, or whatever of the SDK's holds bytes, in lower-case hex. */
export function hex(bytes: unknown): string {
  const value = bytes instanceof Uint8Array ? bytes : (bytes as { toXdr(): Uint8Array }).toXdr();
  return Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
