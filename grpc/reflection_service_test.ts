import { assertEquals } from "@std/assert";
import { once } from "node:events";
import { Duplex } from "node:stream";
import { ReflectionService } from "./reflection_service.ts";
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

Deno.test("who does not read the answers is not read from, and is answered in full once it does", async () => {
  const questions = 1_000;
  let [asked, answered] = [0, 0];
  let taken = () => {};
  let reads = false;
  const call = new Duplex({
    objectMode: true,
    read() {
      const question = { raw: new Uint8Array(), question: 7, text: "" };
      this.push(asked++ < questions ? question : null);
    },
    write(_answer, _encoding, done) {
      answered++;
      if (reads) done();
      else taken = done;
    },
  });
  const until = async (event: string) => (await once(call, event), event);
  const finished = until("finish");
  const first = Promise.race([until("pause"), until("end")]);
  // deno-lint-ignore no-explicit-any -- the part of grpc-js' call that is used.
  new ReflectionService([]).serve(call as any);
  assertEquals(await first, "pause");
  assertEquals([call.writableLength, answered], [call.writableHighWaterMark, 1]);
  reads = true;
  taken();
  await finished;
  assertEquals(answered, questions);
});
