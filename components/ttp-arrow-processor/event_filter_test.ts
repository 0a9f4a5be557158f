import { assert, assertEquals, assertThrows } from "@std/assert";
import { parse } from "@std/yaml";
import { decodeStrkey, encodeStrkey, StrkeyVersion } from "../../stellar/mod.ts";
import { eventSchema } from "./event_batch.ts";
import { corpusLedgers } from "./_corpus_ledgers.ts";
import {
  ACCOUNT_FILTER,
  ASSET_FILTER,
  describeFilter,
  EventFilter,
  type EventFilterOptions,
} from "./event_filter.ts";
import { type ReferenceEvent, referenceEvents } from "./reference_format.ts";
import { LedgerTransfers } from "./token_transfer/mod.ts";

const names = ["mix-14-p23", "sac-events-p23v2m4", "fee-classic-p23v2m4", "memo-p23v2m4"];

/** Checks a filter against a plain predicate over the events of several ledgers. */
async function check(
  options: EventFilterOptions,
  holds: (event: ReferenceEvent) => boolean,
): Promise<void> {
  const filters = new Map<string, { transfers: LedgerTransfers; filter: EventFilter }>();
  let kept = 0;
  let left = 0;
  for (const { name, passphrase, bytes } of await corpusLedgers(...names)) {
    const entry = filters.get(passphrase) ??
      { transfers: new LedgerTransfers(passphrase), filter: new EventFilter(options) };
    filters.set(passphrase, entry);
    entry.transfers.read(bytes);
    referenceEvents(entry.transfers).forEach((event, row) => {
      const keeps = entry.filter.keeps(entry.transfers, row);
      assertEquals(keeps, holds(event), `${name}, event ${row}: ${JSON.stringify(event)}`);
      if (keeps) kept++;
      else left++;
    });
  }
  assert(kept > 0 && left > 0, `the filter must keep some and leave some: ${kept}, ${left}`);
}

async function someEvents(): Promise<ReferenceEvent[]> {
  const events: ReferenceEvent[] = [];
  for (const { passphrase, bytes } of await corpusLedgers(...names)) {
    const transfers = new LedgerTransfers(passphrase);
    transfers.read(bytes);
    events.push(...referenceEvents(transfers));
  }
  return events;
}

/** The account behind a muxed address; any other address as it is. */
function accountOf(address: string | null): string | null {
  if (!address?.startsWith("M")) return address;
  return encodeStrkey(StrkeyVersion.account, decodeStrkey(address).payload.subarray(0, 32));
}

Deno.test("events are kept by type", async () => {
  await check(
    { eventTypes: ["mint", "burn"] },
    ({ event_type }) => event_type === "mint" || event_type === "burn",
  );
});

Deno.test("events are kept by asset: native, a code, a code with issuer, a contract", async () => {
  await check({ assets: ["native"] }, ({ asset_type }) => asset_type === "native");
  const issued = (await someEvents()).find(({ asset_type }) => asset_type === "issued")!;
  const { asset_code, asset_issuer, contract_address } = issued;
  await check({ assets: [asset_code!] }, (event) => event.asset_code === asset_code);
  await check(
    { assets: [`${asset_code}:${asset_issuer}`] },
    (event) => event.asset_code === asset_code && event.asset_issuer === asset_issuer,
  );
  await check(
    { assets: [contract_address] },
    (event) => event.contract_address === contract_address,
  );
});

Deno.test("events are kept by account on either side", async () => {
  const { from } = (await someEvents()).find(({ event_type }) => event_type === "transfer")!;
  await check(
    { accounts: [from!] },
    (event) => accountOf(event.from) === from || accountOf(event.to) === from,
  );
});

Deno.test("events are kept by amount, bounds included, refunds below zero", async () => {
  await check(
    { minAmount: 100n, maxAmount: 1000n },
    ({ amount }) => BigInt(amount) >= 100n && BigInt(amount) <= 1000n,
  );
  await check({ maxAmount: -1n }, ({ amount }) => BigInt(amount) < 0n).catch((error) => {
    // These ledgers need not hold a refund; then nothing is kept, which is right as well.
    assert(String(error).includes("keep some"), String(error));
  });
});

Deno.test("fees of failed transactions are left out when asked for", async () => {
  const [ledger] = await corpusLedgers("fee-classic-p23v2m4");
  const transfers = new LedgerTransfers(ledger!.passphrase);
  transfers.read(ledger!.bytes);
  const filter = new EventFilter({ includeFailed: false });
  const { rows } = transfers.context;
  let failed = 0;
  for (let row = 0; row < rows.length; row++) {
    const successful = transfers.index.results.successful.data[rows.transaction(row)] === 1;
    assertEquals(filter.keeps(transfers, row), successful);
    if (!successful) failed++;
  }
  assert(failed > 0);
});

Deno.test("a value that no event can have is refused and named", () => {
  const account = "GAZJEXF33A5B5JEMZCUCXHVTEMCJM5FMFBGNMIIXUTGTDJI272VLWO2E";
  const cases: [EventFilterOptions, string][] = [
    [{ assets: ["not an asset!"] }, "not an asset!"],
    [{ accounts: ["garbage"] }, "garbage"],
    [{ accounts: [account.slice(0, -1) + "A"] }, "is no address"],
    [{ minAmount: 2n ** 127n }, "128 bits"],
    [{ minAmount: 2n, maxAmount: 1n }, "below the smallest"],
  ];
  for (const [options, part] of cases) {
    assertThrows(() => new EventFilter(options), RangeError, part);
  }
  assert(!new EventFilter({ accounts: [account] }).keepsAll);
});

Deno.test("the forms of filters are those that the configuration declares", async () => {
  const text = await Deno.readTextFile(new URL("./component.yaml", import.meta.url));
  const { variables } = parse(text) as { variables: { name: string; pattern?: string }[] };
  const pattern = (name: string) => variables.find((v) => v.name === name)!.pattern;
  assertEquals(ASSET_FILTER.source, pattern("ASSET_FILTERS"));
  assertEquals(ACCOUNT_FILTER.source, pattern("ACCOUNT_FILTERS"));
});

Deno.test("equal filters have equal texts, and one that keeps everything has none", () => {
  assertEquals(describeFilter({ eventTypes: [], includeFailed: true }), undefined);
  const one = describeFilter({ eventTypes: ["mint", "burn"], minAmount: 5n, includeFailed: false });
  const other = describeFilter({
    includeFailed: false,
    minAmount: 5n,
    eventTypes: ["burn", "mint"],
  });
  assertEquals(one, other);
  assertEquals(one, '{"event_types":["burn","mint"],"include_failed":false,"min_amount":"5"}');
  const schema = eventSchema("P", "reconstructed", { assets: ["native"] });
  assertEquals(schema.metadata.get("event_filters"), '{"assets":["native"]}');
  assertEquals(eventSchema("P", "reconstructed").metadata.has("event_filters"), false);
});

Deno.test("a filter without conditions keeps all; an unknown type is refused", () => {
  assert(new EventFilter({}).keepsAll);
  assert(new EventFilter({ eventTypes: [], assets: [] }).keepsAll);
  assertThrows(() => new EventFilter({ eventTypes: ["trade"] }), RangeError, "trade");
});
