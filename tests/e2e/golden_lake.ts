import { fromFileUrl, join } from "@std/path";
import { decodeBatch, LakeWriter } from "../../stellar/lake/mod.ts";

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

/** An event in the form of the corpus. */
export interface GoldenEvent {
  readonly event_type: string;
  readonly ledger_sequence: number;
  readonly closed_at: string;
  readonly tx_hash: string;
  readonly transaction_index: number;
  readonly operation_index: number | null;
  readonly contract_address: string;
  readonly asset_type: string;
  readonly asset_code: string | null;
  readonly asset_issuer: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly amount: string;
  readonly to_muxed_info: Readonly<Record<string, string>> | null;
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
    const text = await Deno.readTextFile(join(GOLDEN, `${name}.events.ndjson`));
    for (const line of text.split("\n")) if (line !== "") events.push(JSON.parse(line));
  }
  return {
    folder,
    start: startSequence,
    end: endSequence,
    passphrase: batch.passphrase,
    events,
  };
}
