import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { xdr } from "@stellar/stellar-sdk";
import {
  decodeLedger,
  eventsOf,
  hex,
  namedEvents,
  operationsOf,
  sha256Hex,
} from "./_ledger_parts.ts";
import { closeTimeOf } from "./close_time.ts";
import { LedgerSimulator, metaVersionsOf, SimulationError } from "./ledger_simulator.ts";

const PROTOCOLS = Array.from({ length: 22 }, (_, i) => 7 + i);

function digest(seed: string, ledgers: number): string {
  const simulator = new LedgerSimulator({ seed });
  return Array.from({ length: ledgers }, () => sha256Hex(simulator.next())).join("\n");
}

Deno.test("the same seed gives the same ledgers, another seed gives others", () => {
  assertEquals(digest("one", 30), digest("one", 30));
  assertNotEquals(digest("one", 2), digest("other", 2));
});

Deno.test("the ledgers of a seed are the same for ever", () => {
  // These change only together with GENERATION in simulation_store.ts.
  const simulator = new LedgerSimulator({ seed: "fixed" });
  let last = new Uint8Array();
  while (simulator.sequence < 101) last = new Uint8Array(simulator.next());
  assertEquals(sha256Hex(last), "bae129a089b506032be11a9ae2da0276dca3f32f9db5e75fa866d7e6cfc83d7a");
});

for (const protocol of PROTOCOLS) {
  for (const metaVersion of metaVersionsOf(protocol)) {
    Deno.test(`ledgers of protocol ${protocol} with meta v${metaVersion} are well-formed`, () => {
      const simulator = new LedgerSimulator({ seed: "shape", protocol, metaVersion });
      let previousHash: string | undefined;
      for (let sequence = 2; sequence < 22; sequence++) {
        const bytes = simulator.next();
        const parts = decodeLedger(bytes), { entry } = parts, { header } = entry;
        assertEquals(parts.close.toXdr(), bytes);
        assertEquals(parts.close.type, protocol < 20 ? "v0" : protocol < 23 ? "v1" : "v2");
        assertEquals(header.ledgerSeq, sequence);
        assertEquals(header.ledgerVersion, protocol);
        assertEquals(Number(header.scpValue.closeTime), closeTimeOf(sequence));
        assertEquals(hex(entry.hash), sha256Hex(header.toXdr()));
        if (previousHash !== undefined) assertEquals(hex(header.previousLedgerHash), previousHash);
        previousHash = hex(entry.hash);
        assertEquals(hex(header.scpValue.txSetHash), parts.setHash);
        const results = new xdr.TransactionResultSet({ results: [...parts.results] });
        assertEquals(hex(header.txSetResultHash), sha256Hex(results.toXdr()));
        assertEquals(parts.envelopes.length, parts.results.length);
        for (const meta of parts.metas) assertEquals(meta.type, `v${metaVersion}`);
        for (const list of parts.sortedLists) {
          const hashes = list.map((envelope) => sha256Hex(envelope.toXdr()));
          assertEquals(hashes, hashes.toSorted());
        }
      }
    });
  }
}

Deno.test("transactions are applied in another order than that of the set", () => {
  const simulator = new LedgerSimulator({ seed: "order", transactionsPerLedger: 60 });
  const { results } = decodeLedger(simulator.next());
  const hashes = results.map((one) => hex(one.transactionHash));
  assertNotEquals(hashes, hashes.toSorted());
});

Deno.test("every kind of operation, result and event occurs, from the protocol on that has it", () => {
  const newest = survey(28), older = survey(19), oldest = survey(11);
  for (const type of OPERATIONS) assert(newest.operations.has(type), type);
  assert(oldest.operations.has("inflation"));
  for (const type of ["invokeHostFunction", "extendFootprintTtl", "restoreFootprint"]) {
    assert(!older.operations.has(type), type);
  }
  for (const type of ["createClaimableBalance", "clawback", "liquidityPoolDeposit"]) {
    assert(!oldest.operations.has(type), type);
  }
  assertEquals([...newest.envelopes].sort(), ["envelopeTypeTx", "envelopeTypeTxFeeBump"]);
  assertEquals([...oldest.envelopes], ["envelopeTypeTxV0"]);
  for (const name of ["transfer", "mint", "burn", "clawback", "fee", "approve"]) {
    assert(newest.events.has(name), name);
  }
  for (const result of ["txSuccess", "txFailed", "txBadSeq", "txFeeBumpInnerSuccess"]) {
    assert(newest.results.has(result), `${result} is not among ${[...newest.results]}`);
  }
  assert(newest.wideAmounts > 0, "amounts beyond 64 bits");
  assert(newest.refunds > 0, "fees that are given back");
  // Both assets of a revoked share become balances, or the issuer's own one is burned.
  for (const kind of ["transfer transfer", "transfer burn"]) {
    assert(newest.revocations.has(kind), `revocation: ${kind}`);
  }
  assertEquals([...newest.memos].sort(), [
    "memoHash",
    "memoId",
    "memoNone",
    "memoReturn",
    "memoText",
  ]);
});

Deno.test("a default ledger has about 20 KB, one of 350 transactions about 1 MB", () => {
  const small = new LedgerSimulator({ seed: "size" });
  let bytes = 0;
  for (let i = 0; i < 200; i++) bytes += small.next().length;
  assert(bytes / 200 > 15_000 && bytes / 200 < 25_000, `${bytes / 200} bytes`);
  const large = new LedgerSimulator({ seed: "size", transactionsPerLedger: 350 }).next();
  assert(large.length > 800_000 && large.length < 1_700_000, `${large.length} bytes`);
});

Deno.test("ledgers with upgrades and evicted entries are well-formed", () => {
  const simulator = new LedgerSimulator({ seed: "upgrades" });
  let upgrades = 0, evicted = 0;
  while (simulator.sequence < 501) {
    const bytes = simulator.next(), { close, entry } = decodeLedger(bytes);
    assertEquals(close.toXdr(), bytes);
    if (close.type !== "v2") throw new Error(`A LedgerCloseMeta ${close.type} is not expected`);
    upgrades += close.v2.upgradesProcessing.length;
    evicted += close.v2.evictedKeys.length;
    assertEquals(entry.header.scpValue.upgrades.length, close.v2.upgradesProcessing.length);
    assertEquals(entry.header.maxTxSetSize, simulator.sequence < 500 ? 5000 : 5001);
  }
  assertEquals(upgrades, 1);
  assert(evicted > 0);
});

Deno.test("options out of range are refused with what would be right", () => {
  const refused = (options: Partial<ConstructorParameters<typeof LedgerSimulator>[0]>) =>
    assertThrows(() => new LedgerSimulator({ seed: "x", ...options }), SimulationError).message;
  assertEquals(refused({ protocol: 6 }), "Protocol 6 cannot be simulated: use 7 to 28");
  assertEquals(
    refused({ transactionsPerLedger: 2001 }),
    "2001 transactions in a ledger cannot be simulated: use 0 to 2000",
  );
  assertEquals(
    refused({ protocol: 21, metaVersion: 2 }),
    "TransactionMeta version 2 is not possible with protocol 21: use 3 or 4",
  );
});

const OPERATIONS = [
  "createAccount",
  "payment",
  "pathPaymentStrictReceive",
  "manageSellOffer",
  "createPassiveSellOffer",
  "setOptions",
  "changeTrust",
  "allowTrust",
  "accountMerge",
  "manageData",
  "bumpSequence",
  "manageBuyOffer",
  "pathPaymentStrictSend",
  "createClaimableBalance",
  "claimClaimableBalance",
  "beginSponsoringFutureReserves",
  "endSponsoringFutureReserves",
  "revokeSponsorship",
  "clawback",
  "clawbackClaimableBalance",
  "setTrustLineFlags",
  "liquidityPoolDeposit",
  "liquidityPoolWithdraw",
  "invokeHostFunction",
  "extendFootprintTtl",
  "restoreFootprint",
];

/** What occurs in 400 ledgers of a protocol. */
function survey(protocol: number) {
  const operations = new Set<string>(), results = new Set<string>(), events = new Set<string>();
  const envelopes = new Set<string>(), memos = new Set<string>();
  const revocations = new Set<string>();
  let wideAmounts = 0, refunds = 0;
  const simulator = new LedgerSimulator({ seed: "survey", protocol });
  for (let i = 0; i < 400; i++) {
    const parts = decodeLedger(simulator.next());
    for (const envelope of parts.envelopes) {
      envelopes.add(envelope.type);
      if (envelope.type === "envelopeTypeTx") memos.add(envelope.v1.tx.memo.type);
      for (const operation of operationsOf(envelope)) operations.add(operation.body.type);
    }
    for (const { result } of parts.results) results.add(result.result.type);
    for (const meta of parts.metas) {
      for (const operation of meta.type === "v4" ? meta.v4.operations : []) {
        const moved = namedEvents(operation.events);
        const fromPools = moved.every(({ event }) => isFromPool(event));
        const removed = operation.changes.some((change) =>
          change.type === "ledgerEntryRemoved" && change.removed.type === "trustline"
        );
        if (fromPools && removed) revocations.add(moved.map(({ name }) => name).join(" "));
      }
      for (const { name, event } of eventsOf(meta)) {
        events.add(name);
        const { data } = event.body.v0;
        if (data.type === "scvI128" && BigInt(data.i128.hi) > 0n) wideAmounts++;
        if (name === "fee" && data.type === "scvI128" && BigInt(data.i128.hi) < 0n) refunds++;
      }
    }
  }
  return { operations, results, events, envelopes, memos, wideAmounts, refunds, revocations };
}

function isFromPool(event: xdr.ContractEvent): boolean {
  const from = event.body.v0.topics[1];
  return from?.type === "scvAddress" && from.address.type === "scAddressTypeLiquidityPool";
}
