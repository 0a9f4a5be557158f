/**
 * Holds every case of the corpus against the Go reference, in both modes. Folders in the same layout are
 * named after `--`: `--golden DIR`; without one the corpus of the repository is taken, and real ledgers
 * where they are at hand.
 */
import { assert, assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import type { EventsMode } from "../../components/ttp-arrow-processor/mod.ts";
import { XdrError } from "../../stellar/mod.ts";
import { canonical, type Comparison, Corpus, isRefusal } from "./corpus.ts";

const here = import.meta.dirname!;
const shared = `${here}/../../../shared`;
const exists = (path: string) => Deno.stat(path).then(() => true, () => false);

const named = parseArgs(Deno.args, { string: ["golden"], collect: ["golden"] }).golden;
const own = `${here}/golden`;
const folders = named.length > 0 ? named : [own, `${shared}/golden`, `${shared}/golden-real`];

/** Cases equal and different by tag. */
const byTag = new Map<string, { equal: number; different: number }>();

function tally(tags: readonly string[], comparisons: readonly Comparison[]): void {
  for (const tag of ["all", ...tags]) {
    const count = byTag.get(tag) ?? { equal: 0, different: 0 };
    byTag.set(tag, count);
    for (const { difference } of comparisons) {
      if (difference === undefined) count.equal++;
      else count.different++;
    }
  }
}

const seen = new Set<string>();
for (const folder of folders) {
  // The corpus of the repository, and one that was asked for, must be there.
  if (named.length === 0 && folder !== own && !await exists(`${folder}/manifest.json`)) {
    Deno.test({
      name: `skipped: there is no ${folder.split("/").at(-1)} here`,
      ignore: true,
      fn() {},
    });
    continue;
  }
  const corpus = await Corpus.open(folder);
  for (const entry of corpus.cases) {
    if (named.length === 0 && seen.has(entry.name)) continue;
    if (!await corpus.has(entry.files.xdr!)) continue; // comes with another folder, or is skipped
    seen.add(entry.name);
    Deno.test(`${entry.name} gives the reference's events`, async () => {
      const comparisons = await corpus.compare(entry);
      assert(comparisons.length > 0, "the corpus has no answer for this case");
      tally(entry.tags ?? [], comparisons);
      for (const { mode, difference } of comparisons) {
        assertEquals(difference, undefined, `${mode}: ${difference}`);
      }
    });
  }
  for (const input of corpus.bad) {
    if (named.length === 0 && seen.has(input.file)) continue;
    seen.add(input.file);
    Deno.test(`${input.name} is refused`, async () => {
      const refusal = await corpus.refusal(input);
      assert(refusal !== undefined, "it was accepted");
      assert(refusal!.message.length > 10, refusal!.message);
    });
  }
  for (const entry of corpus.cases) {
    if (!entry.tags?.includes("real") || entry.files.unified_events === undefined) continue;
    if (!await corpus.has(entry.files.xdr!)) continue;
    Deno.test(`${entry.name}: both modes give the same set of events`, async () => {
      const set = async (mode: EventsMode) =>
        (await corpus.ours(entry, mode)).map(canonical).sort();
      assertEquals(await set("unified"), await set("reconstructed"));
    });
  }
}

Deno.test("only an error that is of the ledger counts as its refusal", () => {
  assert(isRefusal(new XdrError("too short", 0)));
  for (const error of [new TypeError("x is undefined"), new RangeError("offset"), "text"]) {
    assertEquals(isRefusal(error), false);
  }
});

Deno.test.afterAll(() => {
  const report = ["", "tag                        equal  different"];
  for (const [tag, { equal, different }] of [...byTag].sort()) {
    report.push(`${tag.padEnd(24)} ${String(equal).padStart(7)} ${String(different).padStart(10)}`);
  }
  console.log(report.join("\n"));
});
