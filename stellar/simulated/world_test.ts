import { assert, assertEquals } from "@std/assert";
import { decodeLedger } from "./_ledger_parts.ts";
import { LedgerSimulator } from "./ledger_simulator.ts";
import { amountHeld, everyAccount, nativeInCirculation, type World } from "./world.ts";

/** Every sum that has to come out, at this ledger. */
function assertBalanced(world: World): void {
  assertEquals(nativeInCirculation(world) + world.feePool, world.totalCoins, "lumens");
  for (const asset of world.assets.slice(1)) {
    assertEquals(amountHeld(world, asset), asset.supply, `supply of ${asset.code}`);
  }
  for (const pool of world.pools) {
    let shares = 0n, lines = 0;
    for (const account of everyAccount(world)) {
      const line = account.poolShares.get(pool);
      if (line === undefined) continue;
      shares += line.balance;
      lines++;
    }
    assertEquals([shares, lines], [pool.shares, pool.trustLines], "pool shares");
  }
  for (const token of world.tokens) {
    let held = 0n;
    for (const data of world.contractBalances.get(token)!.values()) held += data.amount;
    assertEquals(held, token.supply, `supply of ${token.symbol}`);
  }
  for (const account of everyAccount(world)) assertConsistent(account);
}

function assertConsistent(account: World["bank"]): void {
  assert(account.balance >= 0n, "no balance below zero");
  const { trustLines, poolShares, offers, data } = account;
  const owned = trustLines.size + 2 * poolShares.size + offers.length + data.size;
  assertEquals(account.subEntries, owned, "sub-entries");
  let selling = 0n;
  for (const offer of offers) if (offer.selling.issuer === undefined) selling += offer.amount;
  assertEquals(account.selling, selling, "native selling liabilities");
  for (const [asset, line] of trustLines) {
    assert(line.balance >= line.selling && line.selling >= 0n && line.buying >= 0n);
    let sold = 0n;
    for (const offer of offers) if (offer.selling === asset) sold += offer.amount;
    assertEquals(line.selling, sold, "selling liabilities");
  }
}

for (const protocol of [7, 11, 17, 19, 22, 28]) {
  Deno.test(`balances add up at each of 300 ledgers of protocol ${protocol}`, () => {
    const simulator = new LedgerSimulator({ seed: "sums", protocol });
    for (let i = 0; i < 300; i++) {
      const ledger = simulator.next(), { world } = simulator.state;
      assertBalanced(world);
      if (i % 50 !== 0) continue;
      const { header } = decodeLedger(ledger).entry;
      assertEquals(BigInt(header.totalCoins), world.totalCoins);
      assertEquals(BigInt(header.feePool), world.feePool);
      assertEquals(BigInt(header.idPool), world.idPool);
    }
  });
}

Deno.test("fees are all that the fee pool gains while there is no inflation", () => {
  const simulator = new LedgerSimulator({ seed: "fees" });
  let charged = 0n;
  for (let i = 0; i < 100; i++) {
    for (const { result } of decodeLedger(simulator.next()).results) {
      charged += BigInt(result.feeCharged);
    }
  }
  assertEquals(simulator.state.world.feePool, charged);
});

Deno.test("inflation makes new lumens and pays the fee pool out", () => {
  const simulator = new LedgerSimulator({ seed: "inflation", protocol: 11 });
  const before = simulator.state.world.totalCoins;
  while (simulator.state.world.inflationSequence < 3) simulator.next();
  assert(simulator.state.world.totalCoins > before);
  assertBalanced(simulator.state.world);
});
