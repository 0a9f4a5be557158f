import { type FlightAction, FlightError } from "../../flight/mod.ts";
import { LedgerIndex, ledgerRow, TransactionPairing } from "../../stellar/mod.ts";
import type { Lake } from "../../stellar/lake/mod.ts";
import { asBadLedger } from "./bad_ledger_error.ts";
import { LedgerVerifier } from "./ledger_verifier.ts";

/** Most ledgers checked by one call, so that it answers within a request's 25 seconds. */
const MAX_LEDGERS = 2000;
/** What a body may say. */
const FIELDS = ["start_ledger", "end_ledger"];
/** Most problems named in an answer. */
const MAX_PROBLEMS = 100;

/** Answer of `verify`. */
export interface VerifyReport {
  readonly first_ledger: number;
  readonly last_ledger: number;
  /** Ledgers that were read and checked in full. */
  readonly checked: number;
  /** What was wrong, each as a sentence with its ledger. */
  readonly problems: readonly { readonly ledger: number; readonly problem: string }[];
}

/**
 * The action `verify`: checks ledgers of the lake in full, whatever VERIFY_LEDGERS says. Its body
 * is JSON `{"start_ledger":N,"end_ledger":M}`; without it the newest ledgers are checked.
 */
export function verifyAction(lake: Lake, networkId: Uint8Array): FlightAction {
  return {
    type: "verify",
    description: "Checks hashes, links and transactions of a range of ledgers " +
      `(at most ${MAX_LEDGERS}); body {"start_ledger":N,"end_ledger":M}.`,
    run: async (body, signal) => verifyRange(lake, networkId, await rangeOf(lake, body), signal),
  };
}

async function verifyRange(
  lake: Lake,
  networkId: Uint8Array,
  { start, end }: { start: number; end: number },
  signal: AbortSignal,
): Promise<VerifyReport> {
  const index = new LedgerIndex();
  const pairing = new TransactionPairing();
  const verifier = new LedgerVerifier("full");
  const problems: { ledger: number; problem: string }[] = [];
  let checked = 0;
  let due = start;
  const missingUpTo = (next: number) => {
    if (next > due) {
      problems.push({ ledger: due, problem: `Ledgers ${due} to ${next - 1} are missing.` });
    }
  };
  const reading = lake.read({ startSequence: start, endSequence: end }, {
    signal,
    allowGaps: true,
    yieldBad: true,
    // The call must be answered: a torn newest file is one of its problems.
    waitAtTip: false,
  });
  for await (const { ledgers, startSequence, endSequence, key, error } of reading) {
    if (error !== undefined) {
      missingUpTo(startSequence);
      problems.push({ ledger: startSequence, problem: error.message });
      due = endSequence + 1;
      continue;
    }
    for (const [i, ledger] of ledgers.entries()) {
      const sequence = startSequence + i;
      if (sequence < start || sequence > end) continue;
      missingUpTo(sequence);
      due = sequence + 1;
      checked++;
      try {
        index.read(ledger);
        verifier.check(index);
        ledgerRow(index, networkId, pairing);
      } catch (error) {
        const bad = asBadLedger(sequence, `${lake.where}/${key}`, error);
        if (bad === undefined) throw error;
        problems.push({ ledger: sequence, problem: bad.message });
      }
    }
  }
  missingUpTo(end + 1);
  return {
    first_ledger: start,
    last_ledger: end,
    checked,
    problems: problems.slice(0, MAX_PROBLEMS),
  };
}

async function rangeOf(lake: Lake, body: Uint8Array): Promise<{ start: number; end: number }> {
  const bounds = await lake.bounds();
  if (bounds === undefined) {
    throw new FlightError("OUT_OF_RANGE", `${lake.where} holds no ledgers yet.`);
  }
  const asked = body.length === 0 ? {} : parse(body);
  const end = ledgerOf(asked, "end_ledger") ?? bounds.last;
  const start = ledgerOf(asked, "start_ledger") ?? Math.max(bounds.first, end - MAX_LEDGERS + 1);
  if (start < bounds.first || end > bounds.last || end < start) {
    throw new FlightError(
      "OUT_OF_RANGE",
      `Ledgers ${start} to ${end} cannot be checked: ${bounds.first} to ${bounds.last} are there.`,
    );
  }
  if (end - start >= MAX_LEDGERS) {
    throw new FlightError(
      "INVALID_ARGUMENT",
      `Ledgers ${start} to ${end} are too many for one call: ask for at most ${MAX_LEDGERS}.`,
    );
  }
  return { start, end };
}

function parse(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    const known = typeof value === "object" && value !== null && !Array.isArray(value) &&
      Object.keys(value).every((name) => FIELDS.includes(name));
    if (known) return value as Record<string, unknown>;
  } catch {
    // The same answer as for JSON that is no such object.
  }
  throw new FlightError(
    "INVALID_ARGUMENT",
    'The body of verify must be JSON such as {"start_ledger":2,"end_ledger":9}, without other ' +
      "fields.",
  );
}

function ledgerOf(asked: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = asked[name];
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw new FlightError("INVALID_ARGUMENT", `"${name}" must be the number of a ledger.`);
}
