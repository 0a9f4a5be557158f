import { assertEquals } from "@std/assert";
import { askReflection, healthServer, rawClient } from "./testing/mod.ts";

Deno.test("reflection finds files by name and by symbol, and says what it does not find", async () => {
  using server = await healthServer();
  const client = rawClient(server.port);
  const [file, symbol, method, extensions, missing] = await askReflection(client, "v1", [
    { file_by_filename: "grpc/health/v1/health.proto" },
    { file_containing_symbol: "grpc.health.v1.HealthCheckRequest" },
    { file_containing_symbol: "grpc.health.v1.Health.Watch" },
    { all_extension_numbers_of_type: "grpc.health.v1.HealthCheckRequest" },
    { file_containing_symbol: "no.Such" },
  ]);
  for (const found of [file, symbol, method]) {
    const names = found.files.map((f: { name: string }) => f.name);
    assertEquals(names, ["grpc/health/v1/health.proto"]);
  }
  assertEquals([extensions, missing].map((a) => a.error_response.error_code), [5, 5]);
  client.close();
});
