import { fromFileUrl, join } from "@std/path";
import { decodeBatch, LakeWriter } from "../../stellar/lake/mod.ts";
import { type GoldenEvent, parseEvents } from "./golden_event.ts";

const GOLDEN = fromFileUrl(new URL("../conformance/golden/", import.meta.url));

/** The cases of one batch file of the corpus, laid out as a lake of one ledger a file. */
export interface GoldenLake {
  readonly folder: string;
  readonly start: number;
  readonly end: number;
  readonly passphrase: string;
  /** The reference's events of all its ledgers, in order. */
  readonly events: readonly GoldenEvent[];
}

/** Makes a lake out of the corpus' batch file of five ledgers. */
export async function makeGoldenLake(folder: string): Promise<GoldenLake> {
  const manifest = JSON.parse(await Deno.readTextFile(join(GOLDEN, "manifest.json")));
  const batch = manifest.batches.find((b: { name: string }) => b.name === "batch-public");
  const file = await Deno.readFile(join(GOLDEN, batch.file));
  const { startSequence, endSequence, ledgers } = decodeBatch(file);
  const writer = await LakeWriter.open(folder, {
    networkPassphrase: batch.passphrase,
    ledgersPerBatch: 1,
  });
  for (const [at, ledger] of ledgers.entries()) {
    await writer.writeBatch(startSequence + at, [ledger]);
  }
  const events: GoldenEvent[] = [];
  for (const name of batch.cases) {
    events.push(...parseEvents(await Deno.readTextFile(join(GOLDEN, `${name}.events.ndjson`))));
  }
  return {
    folder,
    start: startSequence,
    end: endSequence,
    passphrase: batch.passphrase,
    events,
  };
}
