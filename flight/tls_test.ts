import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { certificates, hasOpenssl } from "../grpc/testing/mod.ts";
import { FlightClient, FlightError, FlightServer } from "./mod.ts";
import { eventDataset, ledgerDataset } from "./testing/mod.ts";

Deno.test({
  name: "over TLS both sides talk, and a client without the authority does not",
  ignore: !await hasOpenssl(),
  async fn() {
    await using files = await certificates();
    const tls = { certificate: files.read("server.pem"), key: files.read("server.key") };
    const datasets = [ledgerDataset, eventDataset];
    await using server = new FlightServer({ bindAddress: "127.0.0.1", port: 0, datasets, tls });
    const endpoint = `localhost:${(await server.start()).port}`;
    await using client = new FlightClient(endpoint, { tlsCa: files.read("ca.pem") });
    assertEquals((await client.listFlights()).length, 2);
    let batches = 0;
    for await (const _ of client.doGet({ dataset: "ttp_event" })) batches++;
    assertEquals(batches, 20);
    await using plain = new FlightClient(endpoint, { connectTimeoutMs: 2000 });
    await assertRejects(() => plain.listFlights(), FlightError);
    assertThrows(
      () => new FlightClient("127.0.0.1:1", { tlsCa: tls.key }),
      FlightError,
      "host name",
    );
    await using foreign = new FlightClient(endpoint, {
      tlsCa: files.read("server.pem"),
      connectTimeoutMs: 2000,
    });
    await assertRejects(() => foreign.listFlights(), FlightError);
  },
});

Deno.test({
  name: "with mutual TLS a client needs a certificate of the server's authority",
  ignore: !await hasOpenssl(),
  async fn() {
    await using files = await certificates();
    const tlsCa = files.read("ca.pem");
    const tls = {
      certificate: files.read("server.pem"),
      key: files.read("server.key"),
      clientCa: tlsCa,
    };
    const datasets = [ledgerDataset, eventDataset];
    await using server = new FlightServer({ bindAddress: "127.0.0.1", port: 0, datasets, tls });
    const endpoint = `localhost:${(await server.start()).port}`;
    await using client = new FlightClient(endpoint, {
      tlsCa,
      clientCertificate: files.read("client.pem"),
      clientKey: files.read("client.key"),
    });
    assertEquals((await client.listFlights()).length, 2);
    await using without = new FlightClient(endpoint, { tlsCa, connectTimeoutMs: 2000 });
    await assertRejects(() => without.listFlights(), FlightError);
  },
});
