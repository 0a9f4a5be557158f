import { assert, assertEquals } from "@std/assert";
import { askReflection, rawClient } from "../grpc/testing/mod.ts";
import { FlightServer } from "./flight_server.ts";
import { ledgerDataset } from "./testing/mod.ts";

for (const version of ["v1", "v1alpha"]) {
  Deno.test(`reflection ${version} lists the services and gives descriptors with all they import`, async () => {
    await using server = new FlightServer({
      bindAddress: "127.0.0.1",
      port: 0,
      datasets: [ledgerDataset],
    });
    const client = rawClient((await server.start()).port);
    const names = [
      "arrow.flight.protocol.FlightService",
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
    ];
    const symbols = [...names, "arrow.flight.protocol.FlightData"];
    const questions = symbols.map((symbol) => ({ file_containing_symbol: symbol }));
    const [listed, ...described] = await askReflection(client, version, [
      { list_services: "" },
      ...questions,
    ]);
    const services = listed.list_services_response.service.map((s: { name: string }) => s.name);
    assertEquals(services, names);
    for (const [at, { files, original_request }] of described.entries()) {
      assertEquals(Object.keys(original_request), Object.keys(questions[at]!));
      const has = new Set(files.map((f: { name: string }) => f.name));
      assert(has.size > 0, `${symbols[at]} missing`);
      for (const f of files) for (const d of f.dependency ?? []) assert(has.has(d), `${d} missing`);
    }
    const [{ files }] = described;
    const data = files[0].messageType.find((m: { name: string }) => m.name === "FlightData");
    assertEquals(data.field.map((f: { number: number }) => f.number), [1, 2, 3, 1000]);
    assertEquals(data.field[0].typeName, ".arrow.flight.protocol.FlightDescriptor");
    const doGet = files[0].service[0].method.find((m: { name: string }) => m.name === "DoGet");
    assertEquals(doGet.outputType, ".arrow.flight.protocol.FlightData");
    assertEquals(doGet.serverStreaming, true);
    client.close();
  });
}
