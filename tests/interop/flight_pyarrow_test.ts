import { assertEquals, assertStringIncludes } from "@std/assert";
import { type FlightBatch, type FlightDataset, FlightServer } from "../../flight/mod.ts";
import {
  eventBatch,
  eventDataset,
  exactRows,
  FIRST_LEDGER,
  LAST_LEDGER,
  ledgerBatch,
  ledgerDataset,
  PASSPHRASE,
} from "../../flight/testing/mod.ts";
import { findPython, runPython } from "./python.ts";

const script = new URL("flight_pyarrow.py", import.meta.url).pathname;

const python = await findPython(["pyarrow.flight"]);
const absent = "missing" in python;
if ("missing" in python) console.log(`skipped: ${python.missing}`);

// deno-lint-ignore no-explicit-any -- the script's own JSON; every part is compared below.
async function runClient(server: FlightServer, token?: string): Promise<any> {
  const { port } = await server.start();
  try {
    const args = [script, `127.0.0.1:${port}`, ...(token === undefined ? [] : [token])];
    return JSON.parse(await runPython(python, args));
  } finally {
    await server.stop(0);
  }
}

const echo = {
  type: "echo",
  description: "Gives back what it is given.",
  run: (body: Uint8Array) => Promise.resolve(JSON.parse(new TextDecoder().decode(body))),
};

/** The made-up datasets; events can be written, and are kept in `put`. */
function datasets() {
  const put: FlightBatch[] = [];
  const events: FlightDataset = {
    ...eventDataset,
    async put(batches) {
      for await (const received of batches) put.push(received);
    },
  };
  return { put, datasets: [ledgerDataset, events] };
}

Deno.test({
  name: "pyarrow.flight lists, describes and reads both datasets unchanged, and writes events",
  ignore: absent,
  async fn() {
    const { put, datasets: served } = datasets();
    const answer = await runClient(
      new FlightServer({ bindAddress: "127.0.0.1", port: 0, datasets: served, actions: [echo] }),
    );
    const [ledgers, events] = answer.list;
    assertEquals([ledgers.path, ledgers.total_records], [["stellar_ledger"], 20]);
    assertEquals([events.path, events.total_records], [["ttp_event"], -1]);
    assertEquals(ledgers.metadata, {
      name: "stellar_ledger",
      version: "1.0.0",
      primary_key: "sequence",
      partition_key: "closed_at",
      network_passphrase: PASSPHRASE,
    });
    assertEquals(ledgers.schema, LEDGER_SCHEMA);
    assertEquals(events.schema, EVENT_SCHEMA);
    assertEquals(answer.ranged.endpoints, [
      '{"dataset":"stellar_ledger","start_ledger":101,"end_ledger":105}',
      '{"dataset":"stellar_ledger","start_ledger":106,"end_ledger":110}',
    ]);

    const batches = answer.read.stellar_ledger as { metadata: unknown; rows: string[] }[];
    assertEquals(batches.flatMap((b) => b.rows), exactRows(ledgerBatch(FIRST_LEDGER, LAST_LEDGER)));
    assertEquals(batches[1]!.metadata, { first_ledger: 105, last_ledger: 109, tip: 119 });
    for (const [i, batch] of answer.read.ttp_event.entries()) {
      const ledger = FIRST_LEDGER + i;
      assertEquals(batch.rows, exactRows(eventBatch(ledger)));
      assertEquals(batch.metadata, {
        first_ledger: ledger,
        last_ledger: ledger,
        tip: LAST_LEDGER,
        rows: ledger % 5,
      });
    }
    assertEquals(answer.read.ttp_event.length, 20);

    const [notJson, missing, early, action] = answer.failures;
    assertEquals([notJson[0], missing[0], early[0], action[0]], [
      "ArrowInvalid",
      "ArrowKeyError",
      "ArrowInvalid",
      "ArrowNotImplementedError",
    ]);
    assertStringIncludes(missing[1], 'No dataset "x" here: there are stellar_ledger, ttp_event.');
    assertEquals(answer.actions, [["echo", echo.description]]);
    assertEquals(answer.action, [{ a: 1 }]);

    assertEquals(answer.put.rows, put.reduce((sum, { batch }) => sum + batch.numRows, 0));
    assertEquals(
      put.flatMap(({ batch }) => exactRows(batch)),
      Array.from({ length: 20 }, (_, i) => exactRows(eventBatch(FIRST_LEDGER + i))).flat(),
    );
  },
});

Deno.test({
  name: "pyarrow.flight reads with a bearer token, and gets one by a handshake",
  ignore: absent,
  async fn() {
    const options = { bindAddress: "127.0.0.1", port: 0, token: "s3cret", actions: [echo] };
    const answer = await runClient(
      new FlightServer({ ...options, datasets: datasets().datasets }),
      "s3cret",
    );
    assertEquals(answer.list.length, 2);
    assertEquals(answer.authenticated, ["authorization", "Bearer s3cret"]);
    assertEquals(answer.wrong_token[0], "FlightUnauthenticatedError");
    assertEquals(answer.no_token[0], "FlightUnauthenticatedError");
  },
});

const LEDGER_SCHEMA = `sequence: uint32 not null
hash: fixed_size_binary[32] not null
previous_hash: fixed_size_binary[32] not null
closed_at: timestamp[us, tz=UTC] not null
protocol_version: uint32 not null
network_id: fixed_size_binary[32] not null
transaction_count: uint32 not null
successful_transaction_count: uint32 not null
failed_transaction_count: uint32 not null
operation_count: uint32 not null
soroban_transaction_count: uint32 not null
total_coins: int64 not null
fee_pool: int64 not null
total_fees: int64 not null
base_fee: uint32 not null
base_reserve: uint32 not null
max_tx_set_size: uint32 not null
ledger_xdr: binary not null
ledger_xdr_encoding: dictionary<values=string, indices=int8, ordered=0> not null`;

const EVENT_SCHEMA = `event_id: string not null
ledger_sequence: uint32 not null
closed_at: timestamp[us, tz=UTC] not null
transaction_hash: fixed_size_binary[32] not null
transaction_index: uint32 not null
operation_index: uint32
event_index: uint32 not null
transaction_id: int64
operation_id: int64
event_type: dictionary<values=string, indices=int8, ordered=0> not null
contract_address: string not null
asset_type: dictionary<values=string, indices=int8, ordered=0> not null
asset_code: string
asset_issuer: string
asset: string not null
from_account: string
to_account: string
amount: string not null
amount_raw: decimal128(38, 0)
to_muxed_id: string
to_muxed_id_type: dictionary<values=string, indices=int8, ordered=0>
successful: bool not null
is_soroban: bool not null
derived_from: dictionary<values=string, indices=int8, ordered=0> not null
protocol_version: uint32 not null
processor_version: dictionary<values=string, indices=int8, ordered=0> not null`;
