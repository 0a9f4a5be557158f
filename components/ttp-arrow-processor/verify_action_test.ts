import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FlightClient, FlightError, type FlightErrorCode } from "../../flight/mod.ts";
import type { MetricsRegistry } from "../../flowctl/mod.ts";
import { LedgerSimulator, SIMULATED_PASSPHRASE } from "../../stellar/simulated/mod.ts";
import { processorContext } from "./_processor_context.ts";
import { readerOf, serveSource, type TestLedger, TestSource } from "./_test_source.ts";
import { LedgerThreads } from "./ledger_threads.ts";
import { ProcessorStats } from "./processor_stats.ts";
import { LedgerTransfers } from "./token_transfer/mod.ts";
import { TtpArrowProcessor } from "./ttp_arrow_processor.ts";
import { MAX_VERIFIED_LEDGERS, verifyAction, type VerifyReport } from "./verify_action.ts";

const FIRST = 2;
const LAST = 8;
const BROKEN = 5;
const simulator = new LedgerSimulator({ seed: "verify", transactionsPerLedger: 8 });
const right: TestLedger[] = Array.from({ length: LAST - FIRST + 1 }, () => {
  const bytes = simulator.next();
  return { sequence: simulator.sequence, bytes };
});
/** The same ledgers, but one says of one transaction that it was charged a stroop too many. */
const wrong = right.map((ledger) =>
  ledger.sequence === BROKEN ? { ...ledger, bytes: withWrongFee(ledger.bytes) } : ledger
);

function withWrongFee(ledger: Uint8Array): Uint8Array {
  const bytes = ledger.slice();
  const { context, index } = read(bytes);
  const { envelopes, results } = index;
  // The fee of a Soroban transaction is read from the changes themselves.
  let t = 0;
  while (envelopes.soroban.data[context.pairing.envelopeOf[t]!] !== 0) t++;
  const at = results.feeCharged.data[t]!;
  index.view.setBigInt64(at, index.view.getBigInt64(at) + 1n);
  return bytes;
}

function read(bytes: Uint8Array): LedgerTransfers {
  const transfers = new LedgerTransfers(SIMULATED_PASSPHRASE);
  transfers.read(bytes);
  return transfers;
}

/** A processor in this process, with its threads, over a source of these ledgers. */
class RunningProcessor implements AsyncDisposable {
  private constructor(
    readonly processor: TtpArrowProcessor,
    readonly client: FlightClient,
    readonly metrics: MetricsRegistry,
    readonly end: () => Promise<void>,
  ) {}

  static async start(
    ledgers: readonly TestLedger[],
    variables: Record<string, string> = {},
  ): Promise<RunningProcessor> {
    const source = await serveSource(new TestSource(ledgers, SIMULATED_PASSPHRASE));
    const context = processorContext({ SOURCE_ENDPOINT: source.endpoint, ...variables });
    const processor = new TtpArrowProcessor(context);
    const { ports } = await processor.start();
    const client = new FlightClient(`127.0.0.1:${ports["flight"]}`);
    return new RunningProcessor(processor, client, context.metrics, () => source.server.stop(0));
  }

  async verify(body: unknown): Promise<VerifyReport> {
    const [answer] = await this.client.doAction("verify", body);
    return answer as VerifyReport;
  }

  async refusal(body: unknown, said: string): Promise<FlightErrorCode> {
    return (await assertRejects(() => this.verify(body), FlightError, said) as FlightError).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.processor.stop();
    await this.end();
  }
}

const eventsOf = (ledgers: readonly TestLedger[]) =>
  ledgers.reduce((sum, { bytes }) => sum + read(bytes).context.rows.length, 0);

Deno.test("the action verify proves a range, and counts what it proved", async () => {
  await using it = await RunningProcessor.start(right);
  assertEquals(await it.verify({ start_ledger: 3, end_ledger: 6 }), {
    ledgers: 4,
    events: eventsOf(right.slice(1, 5)),
    mismatch_count: 0,
    mismatches: [],
  });
  const { details } = it.processor.health();
  assertEquals([details["verified_ledgers_total"], details["balance_mismatches_total"]], [4, 0]);
  assertStringIncludes(
    await it.metrics.text(),
    "ttp_arrow_processor_verified_ledgers_total 4",
  );
  assertEquals(details["ledgers_total"], 0);
});

Deno.test("the action verify finds a planted wrong event and names all of it", async () => {
  await using it = await RunningProcessor.start(wrong);
  const report = await it.verify({ start_ledger: FIRST, end_ledger: LAST });
  assertEquals([report.ledgers, report.events], [wrong.length, eventsOf(wrong)]);
  assertEquals([report.mismatch_count, report.mismatches.length], [1, 1]);
  const [{ ledger, holder, asset, transaction_hash, by_events, by_changes }] = report
    .mismatches as [VerifyReport["mismatches"][0]];
  assertEquals([ledger, asset], [BROKEN, "native"]);
  assert(/^G[A-Z2-7]{55}$/.test(holder) && /^[0-9a-f]{64}$/.test(transaction_hash));
  assertEquals(BigInt(by_events), BigInt(by_changes) - 1n);
  assertEquals(it.processor.health().details["balance_mismatches_total"], 1);
});

Deno.test("the action verify refuses a body that names no range", async () => {
  await using it = await RunningProcessor.start(right);
  const refused: [unknown, string][] = [
    [undefined, "must be JSON"],
    [[2, 3], "must be JSON"],
    [{ start_ledger: 2 }, '"end_ledger" must be'],
    [{ start_ledger: 0, end_ledger: 2 }, '"start_ledger" must be'],
    [{ start_ledger: 2, end_ledger: "3" }, '"end_ledger" must be'],
    [{ start_ledger: 2, end_ledger: 3, limit: 5 }, '"limit"'],
    [{ start_ledger: 3, end_ledger: 2 }, "no range"],
    [{ start_ledger: 1, end_ledger: MAX_VERIFIED_LEDGERS + 1 }, "too many"],
  ];
  for (const [body, said] of refused) {
    assertEquals(await it.refusal(body, said), "INVALID_ARGUMENT", JSON.stringify(body));
  }
});

Deno.test("one range is verified at a time, and a caller that leaves makes room for the next", async () => {
  const source = new TestSource(right, SIMULATED_PASSPHRASE);
  source.after = "wait";
  const { server, endpoint } = await serveSource(source);
  const { reader: upstream, stop } = readerOf(endpoint);
  const networkPassphrase = SIMULATED_PASSPHRASE;
  const threads = new LedgerThreads({
    networkPassphrase,
    mode: "reconstructed",
    filter: {},
    batchLedgers: 100,
    verifyEvents: false,
  }, 1);
  try {
    const stats = new ProcessorStats();
    const options = { upstream, threads, networkPassphrase, stats, jobsPerStream: 2 };
    const action = verifyAction(options);
    const body = new TextEncoder().encode(`{"start_ledger":${FIRST},"end_ledger":${LAST}}`);
    const [leaves, stays] = [new AbortController(), new AbortController()];
    const first = action.run(body, leaves.signal);
    const second = await assertRejects(() => action.run(body, stays.signal), FlightError);
    assertEquals((second as FlightError).code, "RESOURCE_EXHAUSTED");
    leaves.abort();
    await assertRejects(() => first, FlightError);
    source.after = "end";
    const third = await action.run(body, stays.signal) as VerifyReport;
    assertEquals([third.ledgers, third.mismatch_count], [right.length, 0]);
  } finally {
    threads.stop();
    await stop();
    await server.stop(0);
  }
});

Deno.test("a ledger that does not decode fails the action verify, by name", async () => {
  const cut = right.map((ledger) =>
    ledger.sequence === BROKEN ? { ...ledger, bytes: ledger.bytes.slice(0, 99) } : ledger
  );
  await using it = await RunningProcessor.start(cut);
  const code = await it.refusal({ start_ledger: FIRST, end_ledger: LAST }, `Ledger ${BROKEN}`);
  assertEquals(code, "DATA_LOSS");
});

Deno.test("with VERIFY_EVENTS the events of proven ledgers flow, and are counted as proven", async () => {
  await using it = await RunningProcessor.start(right, { VERIFY_EVENTS: "true" });
  let rows = 0;
  const range = { dataset: "ttp_event", startLedger: FIRST, endLedger: LAST };
  for await (const { batch } of it.client.doGet(range)) rows += batch.numRows;
  assertEquals(rows, eventsOf(right));
  const { details, progress } = it.processor.health();
  const { lag_seconds, ...counts } = progress!;
  assert(lag_seconds! > 0);
  assertEquals(counts, {
    ledger: LAST,
    tip: LAST,
    ledgers_total: right.length,
    events_total: rows,
    errors_total: 0,
  });
  assertEquals(details["verified_ledgers_total"], right.length);
});

Deno.test("with VERIFY_EVENTS a wrong event ends the stream after the ledgers before it", async () => {
  await using it = await RunningProcessor.start(wrong, { VERIFY_EVENTS: "true" });
  const [named] = (await it.verify({ start_ledger: BROKEN, end_ledger: BROKEN })).mismatches;
  const seen: number[] = [];
  const error = await assertRejects(async () => {
    const range = { dataset: "ttp_event", startLedger: FIRST, endLedger: LAST };
    for await (const { metadata } of it.client.doGet(range)) {
      seen.push(...metadata.ledgers!.map(({ sequence }) => sequence));
    }
  }, FlightError) as FlightError;
  assertEquals([error.code, seen], ["DATA_LOSS", [2, 3, 4]]);
  const { ledger, transaction_hash, holder, asset, by_events, by_changes } = named!;
  const due = [`Ledger ${ledger}`, transaction_hash, holder, asset, by_events, by_changes];
  for (const part of due) assertStringIncludes(error.message, part);
  const { details, status } = it.processor.health();
  assertEquals([status, details["decode_errors_total"]], ["degraded", 0]);
  assertEquals(details["balance_mismatches_total"], 2);
});

Deno.test("without VERIFY_EVENTS nothing is proven, and the same ledgers flow", async () => {
  await using it = await RunningProcessor.start(wrong);
  let rows = 0;
  const range = { dataset: "ttp_event", startLedger: FIRST, endLedger: LAST };
  for await (const { batch } of it.client.doGet(range)) rows += batch.numRows;
  assertEquals(rows, eventsOf(wrong));
  assertEquals(it.processor.health().details["verified_ledgers_total"], 0);
});
