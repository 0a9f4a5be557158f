/**
 * Holds the proof of events by balances against that of the Go reference (`VerifyEvents`): on every ledger
 * of the corpus, and on real ones where they are at hand, the same mismatches or none.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  BalanceVerification,
  type EventsMode,
  LedgerTransfers,
} from "../../components/ttp-arrow-processor/mod.ts";
import { Corpus, type CorpusCase } from "./corpus.ts";
import found from "./balance_mismatches.json" with { type: "json" };

/** Mismatches of a case in one mode, as the note of balance_mismatches.json says. */
interface Digest {
  readonly mismatches: number;
  readonly sha256: string;
}

const MODES: readonly [EventsMode, string][] = [
  ["reconstructed", "events"],
  ["unified", "unified_events"],
];
const mismatches: Partial<Record<string, Partial<Record<EventsMode, Digest>>>> = found.mismatches;
const refused: Partial<Record<string, Partial<Record<EventsMode, string>>>> = found.refused;

const here = import.meta.dirname!;
const shared = `${here}/../../../shared`;
const verification = new BalanceVerification();

async function digest(transfers: LedgerTransfers): Promise<Digest> {
  const lines = verification.verify(transfers).map((one) =>
    `${one.transactionIndex} ${one.holder} ${one.asset} ${one.byEvents} ${one.byChanges}\n`
  );
  const text = new TextEncoder().encode(lines.sort().join(""));
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", text)).toHex();
  return { mismatches: lines.length, sha256 };
}

async function check(folder: string, entry: CorpusCase, mode: EventsMode): Promise<void> {
  const transfers = new LedgerTransfers(entry.passphrase, mode);
  transfers.read(await Deno.readFile(`${folder}/${entry.files.xdr}`));
  if (refused[entry.name]?.[mode] !== undefined) {
    assertThrows(() => verification.verify(transfers), Error, "changes");
    return;
  }
  const due = mismatches[entry.name]?.[mode];
  if (due === undefined) assertEquals(verification.verify(transfers), []);
  else assertEquals(await digest(transfers), due);
}

const seen = new Set<string>();
for (const folder of [`${here}/golden`, `${shared}/golden`, `${shared}/golden-real`]) {
  if (!await Deno.stat(`${folder}/manifest.json`).then(() => true, () => false)) {
    const name = folder.split("/").at(-1);
    Deno.test({ name: `skipped: there is no ${name} here`, ignore: true, fn() {} });
    continue;
  }
  const corpus = await Corpus.open(folder);
  for (const entry of corpus.cases) {
    if (seen.has(entry.name) || !await corpus.has(entry.files.xdr!)) continue;
    seen.add(entry.name);
    for (const [mode, kind] of MODES) {
      if (entry.files[kind] === undefined) continue; // the reference makes no events of it
      Deno.test(`${entry.name}, ${mode}: the proof finds what the reference's finds`, async () => {
        await check(folder, entry, mode);
      });
    }
  }
}

Deno.test("every case with mismatches of the reference is a case of the corpus", () => {
  const unknown = [...Object.keys(mismatches), ...Object.keys(refused)]
    .filter((name) => !seen.has(name));
  assertEquals(unknown, []);
  assert(seen.size > 100);
});
