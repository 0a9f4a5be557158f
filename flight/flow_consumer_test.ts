import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Metadata } from "@grpc/grpc-js";
import { FlightClient } from "./flight_client.ts";
import type { FlightBatch, FlightDataset, FlightReader } from "./flight_dataset.ts";
import { FlightError } from "./flight_error.ts";
import { FlightServer } from "./flight_server.ts";
import { consumerOf, MAX_CONSUMER_CHARS, setConsumer } from "./flow_consumer.ts";
import { FIRST_LEDGER, ledgerBatch, ledgerDataset } from "./testing/mod.ts";

const metadata = { first_ledger: FIRST_LEDGER, last_ledger: FIRST_LEDGER + 3, tip: 1000 };
const large = ledgerBatch(FIRST_LEDGER, FIRST_LEDGER + 3, 1_300_000);

/** A server whose streams give `batches` batches of 5 MB and then wait; and whom they were told of. */
async function serve(batches: number, maxInflightBytesPerStream: number) {
  const readers: (FlightReader | undefined)[] = [];
  const dataset: FlightDataset = {
    ...ledgerDataset,
    async *read(_request, signal, reader): AsyncGenerator<FlightBatch> {
      readers.push(reader);
      for (let i = 0; i < batches; i++) yield { batch: large, metadata };
      const { promise, resolve } = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => resolve(), { once: true });
      await promise;
    },
  };
  const server = new FlightServer({
    bindAddress: "127.0.0.1",
    port: 0,
    datasets: [dataset],
    maxInflightBytesPerStream,
  });
  const { port } = await server.start();
  return { server, readers, endpoint: `127.0.0.1:${port}` };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

Deno.test("a server tells its datasets and its owner who reads, in any language", async () => {
  const { server, readers, endpoint } = await serve(0, 1000);
  const consumers = ["sink-1", "Zürich 倉庫 %", undefined];
  const ended = new AbortController();
  const clients = consumers.map((consumer) =>
    new FlightClient(endpoint, consumer === undefined ? {} : { consumer })
  );
  const reading = clients.map((client) =>
    assertRejects(
      () => Array.fromAsync(client.doGet({ dataset: "stellar_ledger" }, ended.signal)),
      FlightError,
    )
  );
  await until(() => readers.length === 3);
  const told = (list: readonly (FlightReader | undefined)[]) =>
    list.map((reader) => reader?.consumer ?? "none").sort();
  assertEquals(told(readers), ["Zürich 倉庫 %", "none", "sink-1"]);
  assertEquals(told(server.readers()), told(readers));
  await until(() => server.readers().every(({ heldBytes }) => heldBytes === 0));
  for (const { limitBytes, takenAgoMs } of server.readers()) {
    assertEquals([limitBytes, takenAgoMs], [1000, 0]);
  }
  ended.abort();
  await Promise.all(reading);
  await until(() => server.readers().length === 0);
  for (const client of clients) client.close();
  await server.stop(0);
});

Deno.test("what a reader that has stopped holds is told, and since when it took nothing", async () => {
  const { server, endpoint } = await serve(8, 8_000_000);
  await using client = new FlightClient(endpoint, { consumer: "slow" });
  const batches = client.doGet({ dataset: "stellar_ledger" });
  await batches.next();
  await until(() => (server.readers()[0]?.heldBytes ?? 0) > 4_000_000);
  await until(() => server.readers()[0]!.takenAgoMs > 20);
  const [reader] = server.readers();
  assertEquals([reader!.consumer, reader!.limitBytes], ["slow", 8_000_000]);
  assert(reader!.heldBytes <= reader!.limitBytes, String(reader!.heldBytes));
  await batches.return();
  await server.stop(0);
});

Deno.test("a name that is empty, too long or no text is refused on both sides with a sentence", () => {
  for (const bad of ["", "x".repeat(MAX_CONSUMER_CHARS + 1), "\ud800"]) {
    assertThrows(() => setConsumer(new Metadata(), bad), FlightError, "1 to 256 characters");
    assertThrows(() => new FlightClient("127.0.0.1:1", { consumer: bad }), FlightError);
  }
  for (const bad of ["", "%", "%ff", "x".repeat(MAX_CONSUMER_CHARS + 1)]) {
    const metadata = new Metadata();
    metadata.set("flow-consumer", bad);
    const error = assertThrows(() => consumerOf(metadata), FlightError) as FlightError;
    assertEquals(error.code, "INVALID_ARGUMENT");
  }
});
