import { LATE_REFUND_PROTOCOL, SOROBAN_PROTOCOL } from "./protocol_features.ts";
import { networkId } from "../network.ts";
import { EntryChanges } from "./entry_changes.ts";
import { makeGenesis } from "./genesis.ts";
import { writeEvictedKeys } from "./contract_balances.ts";
import { closeHeader, upgradeNetwork } from "./ledger_header.ts";
import { Prng } from "./prng.ts";
import { sha256 } from "./sha256.ts";
import {
  type AppliedTransaction,
  applyTransaction,
  chargeFee,
  payRefund,
} from "./transaction_application.ts";
import type { LedgerContext } from "./ledger_context.ts";
import { planLedger } from "./transaction_plan.ts";
import { writeTransactionSet } from "./transaction_set.ts";
import type { World } from "./world.ts";
import { WriterPool } from "./writer_pool.ts";
import type { XdrWriter } from "./xdr_writer.ts";

/** Passphrase of every simulated network, so that none is taken for a real one. */
export const SIMULATED_PASSPHRASE = "Simulated Obsrvr Network ; January 2025";
/** First ledger that a simulated network closes; ledger 1 is its genesis. */
export const FIRST_SIMULATED_LEDGER = 2;
/** Protocols that a simulated network can run. */
export const SIMULATED_PROTOCOLS = { oldest: 7, newest: 28 } as const;
/** Transactions of a ledger unless asked otherwise: about 20 KB of XDR with protocol 23 and up. */
export const DEFAULT_TRANSACTIONS = 5;
/** Transactions that a ledger can be asked for: a few times those of pubnet's fullest ones. */
export const MAX_TRANSACTIONS = 2_000;

/** Base fee per operation in a quiet and in a busy ledger. */
const QUIET_FEE = 100n, BUSY_FEE = 250n;
const BUSY_PERCENT = 10;
/** Of a hundred ledgers of a small network so many close without transactions. */
const EMPTY_PERCENT = 2;
const SMALL_NETWORK_TRANSACTIONS = 50;
/** Users at least, and for each transaction of a ledger. */
const MIN_USERS = 80, USERS_PER_TRANSACTION = 4;
/** What a ledger's Soroban writes cost and how much Soroban state there is: plausible constants. */
const SOROBAN_WRITE_FEE_1KB = 11_800n, SOROBAN_STATE_BYTES = 5_000_000n;

/** What a simulated network is made from; every value left out has a fixed default. */
export interface SimulationOptions {
  /** Any text; the same one gives the same ledgers. */
  readonly seed: string;
  /** Protocol version, 7 to 28. */
  readonly protocol?: number | undefined;
  /** Transactions in each ledger, 0 to 2000. */
  readonly transactionsPerLedger?: number | undefined;
  /** TransactionMeta version; what the protocol's networks had unless given. */
  readonly metaVersion?: number | undefined;
}

/** An option of the simulation is out of its range. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
  /** The same options, or the same folder, are refused again. */
  readonly isFinal = true;
  readonly code: "protocol" | "transactions" | "metaVersion" | "network";

  constructor(code: SimulationError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * The deterministic state machine behind the simulated network: each call of `next` closes one
 * ledger of a little world in which accounts pay, trade, pool, claim and call contracts, and in
 * which all balances add up. Nothing but the options decides what happens.
 *
 * @example
 * ```ts
 * import { LedgerSimulator } from "./ledger_simulator.ts";
 *
 * const simulator = new LedgerSimulator({ seed: "example" });
 * const ledgerCloseMeta = simulator.next();
 * console.assert(simulator.sequence === 2 && ledgerCloseMeta.length > 0);
 * ```
 */
export class LedgerSimulator {
  readonly passphrase: string = SIMULATED_PASSPHRASE;
  readonly protocol: number;
  readonly transactionsPerLedger: number;
  readonly metaVersion: number;
  readonly #networkId: Uint8Array;
  readonly #prng: Prng;
  readonly #world: World;
  readonly #changes: EntryChanges;
  readonly #writers = new WriterPool();
  /** For what holds a whole ledger's parts. */
  readonly #ledgerWriters = new WriterPool();

  constructor(options: SimulationOptions, restored?: SimulationState) {
    const { protocol, transactions, metaVersion } = checkOptions(options);
    this.protocol = protocol;
    this.transactionsPerLedger = transactions;
    this.metaVersion = metaVersion;
    this.#changes = new EntryChanges(protocol);
    this.#networkId = networkId(this.passphrase);
    this.#prng = restored ? new Prng(restored.prng) : Prng.fromSeed(options.seed);
    this.#world = restored?.world ?? makeGenesis(this.#prng, {
      protocol,
      users: Math.max(MIN_USERS, USERS_PER_TRANSACTION * transactions),
      networkId: this.#networkId,
    });
  }

  /** The last closed ledger; 1 before the first call of `next`. */
  get sequence(): number {
    return this.#world.ledger;
  }

  /** Hash of the last closed ledger's header. */
  get headerHash(): Uint8Array {
    return this.#world.headerHash;
  }

  /** What the next ledgers follow from; to be stored or looked at, not to be changed. */
  get state(): SimulationState {
    return { world: this.#world, prng: this.#prng.state };
  }

  /** Closes the next ledger and returns its LedgerCloseMeta. */
  next(): Uint8Array {
    const world = this.#world, prng = this.#prng, ledger = world.ledger + 1;
    const context: LedgerContext = {
      world,
      prng,
      ledger,
      networkId: this.#networkId,
      metaVersion: this.metaVersion,
      changes: this.#changes,
      writers: this.#writers,
    };
    const baseFee = prng.chance(BUSY_PERCENT) ? BUSY_FEE : QUIET_FEE;
    const plans = planLedger(world, prng, this.#drawCount(), baseFee);
    const feeChanges = plans.map((plan) => chargeFee(context, plan));
    const applied = plans.map((plan) => applyTransaction(context, plan));
    const results = this.#ledgerWriters.take().word(applied.length);
    for (const { result } of applied) results.raw(result);
    const processing = writeProcessing(context, applied, feeChanges, this.#ledgerWriters.take());
    const set = writeTransactionSet(world.protocol, world.headerHash, applied, baseFee);
    const upgrade = upgradeNetwork(world), resultHash = sha256(results);
    const { header, hash } = closeHeader(world, prng, set.hash, resultHash, upgrade);
    const evicted = this.#ledgerWriters.take();
    writeEvictedKeys(world, ledger, evicted);
    const parts = { header, hash, set: set.bytes, processing, upgrade, evicted };
    const ledgerCloseMeta = writeLedgerCloseMeta(world.protocol, parts, this.#ledgerWriters.take());
    this.#ledgerWriters.releaseAll();
    return ledgerCloseMeta;
  }

  #drawCount(): number {
    const count = this.transactionsPerLedger;
    return count < SMALL_NETWORK_TRANSACTIONS && this.#prng.chance(EMPTY_PERCENT) ? 0 : count;
  }
}

/** All that a simulation has become so far. */
export interface SimulationState {
  readonly world: World;
  readonly prng: Int32Array;
}

/** The txProcessing array: for each transaction result, fee changes, meta and (late) refund. */
function writeProcessing(
  context: LedgerContext,
  applied: readonly AppliedTransaction[],
  feeChanges: readonly Uint8Array[],
  out: XdrWriter,
): XdrWriter {
  const late = context.world.protocol >= LATE_REFUND_PROTOCOL;
  out.word(applied.length);
  applied.forEach((transaction, i) => {
    if (late) out.word(0);
    out.raw(transaction.result).raw(feeChanges[i]!).raw(transaction.meta);
    if (late) payRefund(context, transaction.plan.payer, transaction.refund, out);
  });
  return out;
}

/** LedgerCloseMeta: v0 before Soroban, v1 with it, v2 from protocol 23 on. */
function writeLedgerCloseMeta(
  protocol: number,
  parts: {
    readonly header: Uint8Array;
    readonly hash: Uint8Array;
    readonly set: Uint8Array;
    readonly processing: XdrWriter;
    readonly upgrade: Uint8Array | undefined;
    readonly evicted: XdrWriter;
  },
  out: XdrWriter,
): Uint8Array {
  const version = protocol >= LATE_REFUND_PROTOCOL ? 2 : protocol >= SOROBAN_PROTOCOL ? 1 : 0;
  out.word(version);
  if (version > 0) out.word(1).word(0).hyper(SOROBAN_WRITE_FEE_1KB);
  out.opaque(parts.hash).raw(parts.header).word(0);
  out.raw(parts.set).append(parts.processing);
  out.flag(parts.upgrade !== undefined); // a list of one or none
  if (parts.upgrade !== undefined) out.raw(parts.upgrade).word(0);
  out.word(0); // no consensus messages
  if (version > 0) out.hyper(SOROBAN_STATE_BYTES).append(parts.evicted);
  if (version === 1) out.word(0);
  return out.slice();
}

function checkOptions(
  options: SimulationOptions,
): { protocol: number; transactions: number; metaVersion: number } {
  const { oldest, newest } = SIMULATED_PROTOCOLS;
  const protocol = options.protocol ?? newest;
  if (!Number.isInteger(protocol) || protocol < oldest || protocol > newest) {
    throw new SimulationError(
      "protocol",
      `Protocol ${protocol} cannot be simulated: use ${oldest} to ${newest}`,
    );
  }
  const transactions = options.transactionsPerLedger ?? DEFAULT_TRANSACTIONS;
  if (!Number.isInteger(transactions) || transactions < 0 || transactions > MAX_TRANSACTIONS) {
    throw new SimulationError(
      "transactions",
      `${transactions} transactions in a ledger cannot be simulated: use 0 to ${MAX_TRANSACTIONS}`,
    );
  }
  const legal = metaVersionsOf(protocol), metaVersion = options.metaVersion ?? legal[0]!;
  if (!legal.includes(metaVersion)) {
    throw new SimulationError(
      "metaVersion",
      `TransactionMeta version ${metaVersion} is not possible with protocol ${protocol}: use ${
        legal.join(" or ")
      }`,
    );
  }
  return { protocol, transactions, metaVersion };
}

/**
 * The TransactionMeta versions that ledgers of a protocol can have, the usual one first. Version 4
 * comes of replaying old ledgers with events switched on; version 1 is what stellar-core wrote
 * when protocols 10 to 12 were new.
 */
export function metaVersionsOf(protocol: number): readonly number[] {
  if (protocol >= LATE_REFUND_PROTOCOL) return [4];
  if (protocol >= SOROBAN_PROTOCOL) return [3, 4];
  if (protocol >= 10 && protocol <= 12) return [2, 1, 4];
  return protocol >= 8 ? [2, 4] : [2];
}
