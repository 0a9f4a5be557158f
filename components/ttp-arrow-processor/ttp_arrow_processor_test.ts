import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FlightClient, FlightError } from "../../flight/mod.ts";
import { LedgerSimulator, SIMULATED_PASSPHRASE } from "../../stellar/simulated/mod.ts";
import { processorContext } from "./_processor_context.ts";
import { serveSource, type TestLedger, TestSource } from "./_test_source.ts";
import { SourceError } from "./source_error.ts";
import { TtpArrowProcessor } from "./ttp_arrow_processor.ts";

const [FIRST, LAST] = [2, 9];
const simulator = new LedgerSimulator({ seed: "failover", transactionsPerLedger: 4 });
const ledgers: TestLedger[] = Array.from({ length: LAST - FIRST + 1 }, () => {
  const bytes = simulator.next();
  return { sequence: simulator.sequence, bytes };
});
const RANGE = { dataset: "ttp_event", startLedger: FIRST, endLedger: LAST };

/** A processor over several sources, each of a network with ledgers up to one. */
async function start(...sources: readonly { last: number; network?: string }[]) {
  const served = await Promise.all(sources.map(async ({ last, network }) => {
    const upTo = ledgers.filter(({ sequence }) => sequence <= last);
    const source = new TestSource(upTo, network ?? SIMULATED_PASSPHRASE);
    // As a lake that grows, where the range goes beyond its tip.
    if (last < LAST) source.after = "wait";
    return await serveSource(source);
  }));
  const endpoints = served.map(({ endpoint }) => endpoint);
  const lines: string[] = [];
  const variables = { SOURCE_ENDPOINT: endpoints.join(","), PROCESSOR_THREADS: "1" };
  const processor = new TtpArrowProcessor(
    processorContext(variables, (line) => lines.push(line)),
  );
  return {
    processor,
    endpoints,
    lines,
    kill: (at: number) => served[at]!.server.stop(0),
    async [Symbol.asyncDispose]() {
      await processor.stop();
      await Promise.all(served.map(({ server }) => server.stop(0)));
    },
  };
}

/** Ids of the events and sequences of the ledgers that a client of the processor gets. */
async function read(port: number, onLedger: (ledger: number) => void = () => {}) {
  const client = new FlightClient(`127.0.0.1:${port}`);
  const ids: string[] = [];
  const covered: number[] = [];
  try {
    for await (const { batch, metadata } of client.doGet(RANGE)) {
      ids.push(...batch.getChild("event_id")!.toArray());
      covered.push(...metadata.ledgers!.map(({ sequence }) => sequence));
      onLedger(metadata.last_ledger);
    }
  } finally {
    client.close();
  }
  return { ids, covered };
}

Deno.test("a source that is killed in the middle of a stream is followed by the next one, without a row lost or doubled", async () => {
  await using whole = await start({ last: LAST });
  const due = await read((await whole.processor.start()).ports["flight"]!);
  assertEquals(due.covered, ledgers.map(({ sequence }) => sequence));

  await using it = await start({ last: 5 }, { last: LAST });
  const { ports, upstream } = await it.processor.start();
  assertEquals(upstream, it.endpoints.join(", "));
  const got = await read(ports["flight"]!, (ledger) => {
    if (ledger === 5) void it.kill(0);
  });
  assertEquals(got, due);
  assert(due.ids.length > 0);
  const [left, taken] = it.endpoints;
  assertEquals(it.lines.length, 1);
  assertStringIncludes(it.lines[0]!, `left=${left} taken=${taken}`);
});

Deno.test("a source that is away when the processor starts is passed over", async () => {
  await using it = await start({ last: LAST }, { last: LAST });
  await it.kill(0);
  const { ports, network } = await it.processor.start();
  assertEquals(network, SIMULATED_PASSPHRASE);
  assertEquals((await read(ports["flight"]!)).covered.length, ledgers.length);
});

Deno.test("the next source is refused by name when it is of another network", async () => {
  await using it = await start({ last: 5 }, { last: LAST, network: "Other Network" });
  const { ports } = await it.processor.start();
  const reading = read(ports["flight"]!, (ledger) => {
    if (ledger === 5) void it.kill(0);
  });
  const error = await assertRejects(() => reading, FlightError) as FlightError;
  assertEquals(error.code, "FAILED_PRECONDITION");
  assertStringIncludes(
    error.message,
    `The source at ${it.endpoints[1]} serves the network "Other Network"`,
  );
});

Deno.test("a source that does not tell its network ends the start for good, by name", async () => {
  const source = new TestSource(ledgers, SIMULATED_PASSPHRASE);
  source.schema.metadata.delete("network_passphrase");
  const { server, endpoint } = await serveSource(source);
  const processor = new TtpArrowProcessor(processorContext({ SOURCE_ENDPOINT: endpoint }));
  try {
    const error = await assertRejects(() => processor.start(), SourceError) as SourceError;
    assert(error.isFinal, "a restart would help");
    assertStringIncludes(error.message, `The source at ${endpoint}`);
  } finally {
    await processor.stop();
    await server.stop(0);
  }
});
