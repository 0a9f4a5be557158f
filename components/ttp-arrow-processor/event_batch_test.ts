import { assert, assertEquals } from "@std/assert";
import { type RecordBatch, Table, tableFromIPC, tableToIPC } from "apache-arrow";
import { MAX_TOID_LEDGER, toid } from "../../stellar/mod.ts";
import { corpusLedgers } from "./_corpus_ledgers.ts";
import { EventBatch } from "./event_batch.ts";
import { toNdjson } from "./record_batch_text.ts";
import { type ReferenceEvent, referenceEvents } from "./reference_format.ts";
import { LedgerTransfers } from "./token_transfer/mod.ts";

type Row = Record<string, string | number | boolean | null>;

function rowsOf(batch: RecordBatch): Row[] {
  return toNdjson(batch).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

function batchOf(transfers: LedgerTransfers): RecordBatch {
  const events = new EventBatch(transfers.networkPassphrase, transfers.mode);
  for (let row = 0; row < transfers.context.rows.length; row++) events.append(transfers, row);
  return events.finish();
}

/** What a row of ttp_event says of an event of the corpus. */
function expected(event: ReferenceEvent): Row {
  const { to_muxed_info: muxed } = event;
  const contract = event.asset_type === "none";
  const asset = contract
    ? event.contract_address
    : event.asset_type === "native"
    ? "native"
    : `${event.asset_code}:${event.asset_issuer}`;
  const [id, type] = muxed === null
    ? [null, null]
    : "id" in muxed
    ? [muxed.id, "id"]
    : "hash" in muxed
    ? [muxed.hash, "hash"]
    : muxed.text === undefined
    ? [muxed.text_hex, "text_hex"]
    : [muxed.text, "text"];
  const digits = event.amount.replace("-", "").length;
  return {
    ledger_sequence: event.ledger_sequence,
    closed_at: event.closed_at,
    transaction_hash: event.tx_hash,
    transaction_index: event.transaction_index,
    operation_index: event.operation_index,
    event_type: event.event_type,
    contract_address: event.contract_address,
    asset_type: contract ? "contract" : event.asset_type,
    asset_code: event.asset_code,
    asset_issuer: event.asset_issuer,
    asset,
    from_account: event.from,
    to_account: event.to,
    amount: event.amount,
    amount_raw: digits > 38 ? null : event.amount,
    to_muxed_id: id!,
    to_muxed_id_type: type!,
  };
}

Deno.test("the columns say what the reference's events say, for the whole corpus", async () => {
  let events = 0;
  for (const { name, passphrase, bytes } of await corpusLedgers()) {
    const transfers = new LedgerTransfers(passphrase);
    try {
      transfers.read(bytes);
    } catch {
      continue; // refused, as the conformance tests show
    }
    const rows = rowsOf(batchOf(transfers));
    const references = referenceEvents(transfers);
    assertEquals(rows.length, references.length, name);
    references.forEach((reference, i) => {
      const due = expected(reference);
      const got = Object.fromEntries(Object.keys(due).map((key) => [key, rows[i]![key]!]));
      assertEquals(got, due, `${name}, event ${i}`);
      assertEquals(rows[i]!.event_index, i, name);
    });
    assertEquals(new Set(rows.map((row) => row.event_id)).size, rows.length, name);
    events += rows.length;
  }
  assert(events > 3000);
});

Deno.test("event ids count within an operation, the fee and its refund within the transaction", async () => {
  const [ledger] = await corpusLedgers("fee-soroban-p23v2m4");
  const transfers = new LedgerTransfers(ledger!.passphrase);
  transfers.read(ledger!.bytes);
  const ids = rowsOf(batchOf(transfers)).map(({ event_id, event_type, amount }) => ({
    parts: String(event_id).split("-"),
    refund: event_type === "fee" && String(amount).startsWith("-"),
    fee: event_type === "fee",
  }));
  assert(ids.some(({ refund }) => refund));
  for (const { parts, refund, fee } of ids) {
    if (fee) assertEquals(parts.slice(2), ["00000", refund ? "00001" : "00000"]);
    else assert(Number(parts[2]) >= 1);
  }
});

Deno.test("TOIDs follow SEP-35 and are null where they do not fit", async () => {
  const [low, high] = await corpusLedgers("meta-v1", "sequence-max");
  const transfers = new LedgerTransfers(low!.passphrase);
  transfers.read(low!.bytes);
  const text = toNdjson(batchOf(transfers));
  const { sequence } = transfers.index;
  // As text: a JavaScript number would round it.
  assert(text.includes(`"transaction_id":${toid(sequence, 1, 0)},"operation_id":null`));
  assert(text.includes(`"operation_id":${toid(sequence, 1, 1)},`));
  transfers.read(high!.bytes);
  assert(transfers.index.sequence > MAX_TOID_LEDGER);
  for (const row of rowsOf(batchOf(transfers))) {
    assertEquals([row.transaction_id, row.operation_id], [null, null]);
  }
});

Deno.test("a batch survives Arrow's IPC format, and a truncated one holds what is left", async () => {
  const [ledger] = await corpusLedgers("sac-events-p23v2m4");
  const transfers = new LedgerTransfers(ledger!.passphrase);
  transfers.read(ledger!.bytes);
  const whole = rowsOf(batchOf(transfers));
  const events = new EventBatch(transfers.networkPassphrase, transfers.mode);
  for (let row = 0; row < transfers.context.rows.length; row++) events.append(transfers, row);
  events.truncate(7);
  assertEquals(events.rows, 7);
  const table = tableFromIPC(tableToIPC(new Table([events.finish()])));
  assertEquals(rowsOf(table.batches[0]!), whole.slice(0, 7));
});
