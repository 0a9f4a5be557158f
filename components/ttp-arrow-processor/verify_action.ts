import { type FlightAction, FlightError, type RangeReader } from "../../flight/mod.ts";
import { checkNetwork, SOURCE_DATASET } from "./event_dataset.ts";
import { type LedgerMismatch, MAX_NAMED_MISMATCHES } from "./ledger_verification.ts";
import type { LedgerThreads } from "./ledger_threads.ts";
import { orderedMap } from "./ordered_map.ts";
import type { ProcessorStats } from "./processor_stats.ts";

/**
 * Most ledgers verified by one call, so that it answers within a request's 25 seconds: one of pubnet's
 * size takes 10 ms from the source to its proof on two cores, where both run on them.
 */
export const MAX_VERIFIED_LEDGERS = 1000;
/**
 * Calls at once; more are refused. Each holds ledgers and jobs as a reader does, and the processor's memory
 * is bounded by how many there are of these.
 */
const MAX_CALLS = 1;
/** Largest sequence that a ledger can have. */
const MAX_LEDGER = 2 ** 32 - 1;
const FIELDS: readonly string[] = ["start_ledger", "end_ledger"];

/** What the action works with. */
export interface VerifyActionOptions {
  readonly upstream: RangeReader;
  readonly threads: LedgerThreads;
  readonly networkPassphrase: string;
  readonly stats: ProcessorStats;
  /** Batches of ledgers that are worked on at once. */
  readonly jobsPerStream: number;
}

/** Answer of `verify`. */
export interface VerifyReport {
  /** Ledgers that were verified; those that the lake lacks are not among them. */
  readonly ledgers: number;
  /** Their events, before any filter. */
  readonly events: number;
  /** All mismatches; `mismatches` names the first of them. */
  readonly mismatch_count: number;
  readonly mismatches: readonly NamedMismatch[];
}

/** One mismatch of the answer; amounts are exact, in the asset's smallest unit. */
export interface NamedMismatch {
  readonly ledger: number;
  readonly transaction_index: number;
  readonly transaction_hash: string;
  readonly holder: string;
  readonly asset: string;
  readonly by_events: string;
  readonly by_changes: string;
}

/**
 * The action `verify`: proves the events of a range of ledgers against their ledger-entry changes,
 * whatever VERIFY_EVENTS says. Its body is JSON `{"start_ledger":N,"end_ledger":M}`. A ledger of which no
 * events can be made, or whose changes tell no balances, fails the call with DATA_LOSS; a call while
 * another one runs is RESOURCE_EXHAUSTED.
 */
export function verifyAction(options: VerifyActionOptions): FlightAction {
  let calls = 0;
  return {
    type: "verify",
    description: "Proves the events of a range of ledgers " +
      `(at most ${MAX_VERIFIED_LEDGERS}) against their ledger-entry changes; ` +
      'body {"start_ledger":N,"end_ledger":M}.',
    run: async (body, signal) => {
      const range = rangeOf(body);
      if (calls >= MAX_CALLS) {
        throw new FlightError(
          "RESOURCE_EXHAUSTED",
          "A range is being verified, and one is the most at once. Ask again when it is done.",
        );
      }
      calls++;
      try {
        return await verifyRange(options, range, signal);
      } finally {
        calls--;
      }
    },
  };
}

async function verifyRange(
  { upstream, threads, networkPassphrase, stats, jobsPerStream }: VerifyActionOptions,
  range: { startLedger: number; endLedger: number },
  signal: AbortSignal,
): Promise<VerifyReport> {
  const ended = new AbortController();
  const ledgers = upstream.doGet(
    { ...range, dataset: SOURCE_DATASET },
    AbortSignal.any([signal, ended.signal]),
    checkNetwork(networkPassphrase),
  );
  const results = orderedMap(
    ledgers,
    jobsPerStream,
    ({ batch }) => threads.process(batch, undefined, "verification"),
    () => ended.abort(),
  );
  const sum = { ledgers: 0, events: 0, mismatch_count: 0 };
  const mismatches: NamedMismatch[] = [];
  for await (const { verification, error, failure } of results) {
    if (failure !== undefined) throw new Error(failure);
    stats.verified(verification);
    if (error !== undefined) throw new FlightError("DATA_LOSS", error.message);
    sum.ledgers += verification.ledgers;
    sum.events += verification.events;
    sum.mismatch_count += verification.mismatchCount;
    const room = MAX_NAMED_MISMATCHES - mismatches.length;
    mismatches.push(...verification.mismatches.slice(0, room).map(named));
  }
  return { ...sum, mismatches };
}

function named(mismatch: LedgerMismatch): NamedMismatch {
  return {
    ledger: mismatch.ledger,
    transaction_index: mismatch.transactionIndex,
    transaction_hash: mismatch.transactionHash,
    holder: mismatch.holder,
    asset: mismatch.asset,
    by_events: mismatch.byEvents,
    by_changes: mismatch.byChanges,
  };
}

/** The range that is asked for. Throws FlightError INVALID_ARGUMENT. */
function rangeOf(body: Uint8Array): { startLedger: number; endLedger: number } {
  const asked = parse(body);
  for (const name of Object.keys(asked)) {
    if (FIELDS.includes(name)) continue;
    throw invalid(`The body of verify has a field "${name}"; known are ${FIELDS.join(", ")}`);
  }
  const [startLedger, endLedger] = [ledgerOf(asked, FIELDS[0]!), ledgerOf(asked, FIELDS[1]!)];
  if (endLedger < startLedger) {
    throw invalid(
      `Ledgers ${startLedger} to ${endLedger} are no range: the end is before the start`,
    );
  }
  if (endLedger - startLedger >= MAX_VERIFIED_LEDGERS) {
    throw invalid(
      `Ledgers ${startLedger} to ${endLedger} are too many for one call: ask for at most ` +
        `${MAX_VERIFIED_LEDGERS}`,
    );
  }
  return { startLedger, endLedger };
}

function parse(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // The same answer as for JSON that is no object.
  }
  throw invalid('The body of verify must be JSON such as {"start_ledger":2,"end_ledger":9}');
}

function ledgerOf(asked: Readonly<Record<string, unknown>>, name: string): number {
  const value = asked[name];
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= MAX_LEDGER) {
    return value;
  }
  throw invalid(`"${name}" must be the number of a ledger, 1 to ${MAX_LEDGER}`);
}

function invalid(reason: string): FlightError {
  return new FlightError("INVALID_ARGUMENT", `${reason}.`);
}
