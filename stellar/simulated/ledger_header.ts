import { SIGNED_VALUE_PROTOCOL } from "./protocol_features.ts";
import { BASE_RESERVE } from "./balances.ts";
import { closeTimeOf } from "./close_time.ts";
import type { Prng } from "./prng.ts";
import { sha256 } from "./sha256.ts";
import { writeProposer } from "./transaction_envelope.ts";
import type { World } from "./world.ts";
import { XdrWriter } from "./xdr_writer.ts";

/** Base fee of the simulated network in stroops. */
const BASE_FEE = 100;
/** Ledgers from one upgrade to the next, what it adds, and its LedgerUpgradeType. */
const UPGRADE_INTERVAL_LEDGERS = 500, UPGRADE_STEP = 1, NEW_MAX_TRANSACTION_SET_SIZE = 3;
/** Distances of the ledgers in the header's skip list. */
const SKIPS: readonly number[] = [50, 5_000, 50_000, 500_000];

/** Writes the header of the ledger after `world.ledger`, and moves the world's hashes on to it. */
export function closeHeader(
  world: World,
  prng: Prng,
  transactionSetHash: Uint8Array,
  resultHash: Uint8Array,
  upgrade: Uint8Array | undefined,
): { header: Uint8Array; hash: Uint8Array } {
  const ledger = world.ledger + 1;
  // A real one would hash the whole state; this one changes with everything that happened.
  world.bucketListHash = sha256(
    new XdrWriter().opaque(world.bucketListHash).opaque(resultHash).opaque(transactionSetHash),
  );
  moveSkipList(world, ledger);
  const out = new XdrWriter().word(world.protocol).opaque(world.headerHash);
  out.opaque(transactionSetHash).hyper(BigInt(closeTimeOf(ledger)));
  out.flag(upgrade !== undefined); // a list of one or none
  if (upgrade !== undefined) out.variableOpaque(upgrade);
  if (world.protocol >= SIGNED_VALUE_PROTOCOL) {
    out.word(1);
    writeProposer(out, world.bank, prng);
  } else out.word(0);
  out.opaque(resultHash).opaque(world.bucketListHash).word(ledger);
  out.hyper(world.totalCoins).hyper(world.feePool).word(world.inflationSequence);
  out.hyper(world.idPool).word(BASE_FEE).word(Number(BASE_RESERVE)).word(
    world.maxTransactionSetSize,
  );
  for (const hash of world.skipList) out.opaque(hash);
  out.word(0);
  const header = out.slice(), hash = sha256(header);
  world.headerHash = hash;
  world.ledger = ledger;
  return { header, hash };
}

/** Every 50th ledger pushes its bucket list's hash into the list (calculateSkipValues). */
function moveSkipList(world: World, ledger: number): void {
  const list = world.skipList;
  if (ledger % SKIPS[0]! !== 0) return;
  let before = ledger - SKIPS[0]!, depth = 0;
  while (depth < 3 && before > 0 && before % SKIPS[depth + 1]! === 0) {
    depth++;
    before -= SKIPS[depth]!;
  }
  for (let i = depth; i > 0; i--) list[i] = list[i - 1]!;
  list[0] = world.bucketListHash;
}

/**
 * Every 500th ledger the validators vote for another size of transaction sets: returns their
 * LedgerUpgrade and applies it.
 */
export function upgradeNetwork(world: World): Uint8Array | undefined {
  if ((world.ledger + 1) % UPGRADE_INTERVAL_LEDGERS !== 0) return undefined;
  world.maxTransactionSetSize += UPGRADE_STEP;
  return new XdrWriter().word(NEW_MAX_TRANSACTION_SET_SIZE).word(world.maxTransactionSetSize)
    .slice();
}
