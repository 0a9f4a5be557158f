import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { FlightError } from "./flight_error.ts";
import type { RangeRequest } from "./flight_dataset.ts";
import { decodeTicket, encodeTicket, MAX_FILTER_VALUES, MAX_TICKET_BYTES } from "./ticket.ts";

const decode = (text: string) => decodeTicket(new TextEncoder().encode(text));

Deno.test("a ticket is the JSON of the contract and comes back the same", () => {
  const request: RangeRequest = {
    dataset: "ttp_event",
    startLedger: 2,
    endLedger: 9,
    filters: {
      event_types: ["transfer"],
      assets: ["native"],
      accounts: [],
      min_amount: "-1",
      max_amount: "170141183460469231731687303715884105727",
      include_failed: false,
    },
  };
  const text = new TextDecoder().decode(encodeTicket(request));
  assertEquals(
    text,
    '{"dataset":"ttp_event","start_ledger":2,"end_ledger":9,"filters":{"event_types":["transfer"],' +
      '"assets":["native"],"accounts":[],"min_amount":"-1",' +
      '"max_amount":"170141183460469231731687303715884105727","include_failed":false}}',
  );
  assertEquals(decode(text), request);
  assertEquals(decode('{"dataset":"a"}'), { dataset: "a" });
  assertEquals(decodeTicket(encodeTicket({ dataset: "a" })), { dataset: "a" });
});

Deno.test("an end of 0 follows the tip from any start", () => {
  assertEquals(decode('{"dataset":"a","start_ledger":7,"end_ledger":0}'), {
    dataset: "a",
    startLedger: 7,
    endLedger: 0,
  });
});

const refused: [string, string][] = [
  ["", "not JSON"],
  ["ttp_event", "not JSON"],
  ["{", "not JSON"],
  ["null", "must be a JSON object: null"],
  ["[]", "must be a JSON object: []"],
  ["7", "must be a JSON object: 7"],
  ["{}", 'must name a "dataset": nothing'],
  ['{"dataset":7}', 'must name a "dataset": 7'],
  ['{"dataset":""}', 'must name a "dataset"'],
  ['{"dataset":"a","limit":1}', 'end_ledger, filters: "limit"'],
  ['{"dataset":"a","startLedger":1}', '"startLedger"'],
  ['{"dataset":"a","__proto__":1}', '"__proto__"'],
  ['{"dataset":"a","start_ledger":-1}', '"start_ledger": -1'],
  ['{"dataset":"a","start_ledger":1.5}', '"start_ledger": 1.5'],
  ['{"dataset":"a","start_ledger":"1"}', '"start_ledger": "1"'],
  ['{"dataset":"a","start_ledger":null}', '"start_ledger": null'],
  ['{"dataset":"a","end_ledger":4294967296}', '"end_ledger": 4294967296'],
  ['{"dataset":"a","start_ledger":9,"end_ledger":8}', 'not before its "start_ledger" 9: 8'],
  ['{"dataset":"a","filters":[]}', 'as "filters": []'],
  ['{"dataset":"a","filters":{"types":[]}}', 'in its filters: "types"'],
  ['{"dataset":"a","filters":{"assets":"native"}}', '"assets": "native"'],
  ['{"dataset":"a","filters":{"accounts":[1]}}', '"accounts": [1]'],
  ['{"dataset":"a","filters":{"min_amount":1}}', '"min_amount": 1'],
  ['{"dataset":"a","filters":{"min_amount":"1e3"}}', '"min_amount": "1e3"'],
  ['{"dataset":"a","filters":{"max_amount":"170141183460469231731687303715884105728"}}', "i128"],
  ['{"dataset":"a","filters":{"min_amount":"2","max_amount":"1"}}', 'below its "min_amount" 2'],
  ['{"dataset":"a","filters":{"include_failed":"yes"}}', '"include_failed": "yes"'],
];

for (const [text, reason] of refused) {
  Deno.test(`the ticket ${text || "of no bytes"} is refused with its reason`, () => {
    const error = assertThrows(() => decode(text), FlightError, reason);
    assertEquals(error.code, "INVALID_ARGUMENT");
  });
}

Deno.test("tickets that are too long, or not UTF-8, are refused", () => {
  assertThrows(() => decodeTicket(new Uint8Array(MAX_TICKET_BYTES + 1)), FlightError, "at most");
  assertThrows(() => decodeTicket(Uint8Array.of(0x22, 0xff, 0x22)), FlightError, "not JSON");
  const assets = Array(MAX_FILTER_VALUES + 1).fill("A");
  assertThrows(
    () => decodeTicket(encodeTicket({ dataset: "a", filters: { assets } })),
    FlightError,
  );
});

Deno.test("any bytes and any JSON give a request or a FlightError", () => {
  const survives = (bytes: Uint8Array) => {
    try {
      decodeTicket(bytes);
    } catch (error) {
      if (!(error instanceof FlightError)) throw error;
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), survives));
  fc.assert(fc.property(fc.json(), (text) => survives(new TextEncoder().encode(text))));
  const ticket = fc.record({
    dataset: fc.oneof(fc.string(), fc.jsonValue()),
    start_ledger: fc.jsonValue(),
    filters: fc.record({ accounts: fc.jsonValue(), min_amount: fc.jsonValue() }),
  }, { requiredKeys: [] });
  fc.assert(fc.property(ticket, (t) => survives(new TextEncoder().encode(JSON.stringify(t)))));
});
