import { assert, assertEquals } from "@std/assert";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor/index.js";
import { Buffer } from "node:buffer";
import { protoFiles } from "./descriptors_generated.ts";
import { FlightServer } from "./flight_server.ts";
import { healthMethods, ServingStatus } from "./health_service.ts";
import { namedTarget } from "./resolver.ts";
import { ledgerDataset } from "./testing/mod.ts";

const fileDescriptor: protobuf.Type =
  (descriptor as unknown as { FileDescriptorProto: protobuf.Type }).FileDescriptorProto;

/** The reflection messages of one version, as protobufjs reads them from proto/. */
async function messages(version: string) {
  const path = `../proto/grpc/reflection/${version}/reflection.proto`;
  const { root } = protobuf.parse(
    await Deno.readTextFile(new URL(path, import.meta.url)),
    new protobuf.Root(),
    { keepCase: true },
  );
  const type = (name: string) => root.lookupType(`grpc.reflection.${version}.${name}`);
  return { request: type("ServerReflectionRequest"), response: type("ServerReflectionResponse") };
}

function rawClient(port: number): Client {
  const options = { "grpc.use_local_subchannel_pool": 1 };
  return new Client(namedTarget(`127.0.0.1:${port}`), credentials.createInsecure(), options);
}

for (const version of ["v1", "v1alpha"]) {
  Deno.test(`reflection ${version} lists the services and gives descriptors with all they import`, async () => {
    const { request, response } = await messages(version);
    await using server = new FlightServer({
      bindAddress: "127.0.0.1",
      port: 0,
      datasets: [ledgerDataset],
    });
    const client = rawClient((await server.start()).port);
    const call = client.makeBidiStreamRequest(
      `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
      (m: Record<string, unknown>) => Buffer.from(request.encode(request.fromObject(m)).finish()),
      (b: Buffer) => response.toObject(response.decode(b)),
      new Metadata(),
    );
    const answers = call.iterator({ destroyOnReturn: false });
    // deno-lint-ignore no-explicit-any -- protobufjs' plain objects.
    const ask = async (question: Record<string, unknown>): Promise<any> => {
      call.write(question);
      const { value } = await answers.next();
      assertEquals(Object.keys(value.original_request), Object.keys(question));
      return value;
    };
    const listed = await ask({ list_services: "" });
    const names = listed.list_services_response.service.map((s: { name: string }) => s.name);
    assertEquals(names, [
      "arrow.flight.protocol.FlightService",
      "grpc.health.v1.Health",
      "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection",
    ]);
    for (const symbol of [...names, "arrow.flight.protocol.FlightData"]) {
      const { file_descriptor_response: files } = await ask({ file_containing_symbol: symbol });
      const read = files.file_descriptor_proto.map((b: Uint8Array) =>
        fileDescriptor.toObject(fileDescriptor.decode(b))
      );
      const has = new Set(read.map((f: { name: string }) => f.name));
      for (const f of read) for (const d of f.dependency ?? []) assert(has.has(d), `${d} missing`);
    }
    const missing = await ask({ file_containing_symbol: "no.Such" });
    assertEquals(missing.error_response.error_code, 5);
    call.end();
    client.close();
  });
}

Deno.test("the embedded descriptors are those of the proto files", async () => {
  const script = new URL("./generate_descriptors.ts", import.meta.url).pathname;
  const args = ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-env", script, "--check"];
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const flight = protoFiles.find((f) => f.name === "Flight.proto")!;
  const bytes = Uint8Array.from(atob(flight.base64), (c) => c.charCodeAt(0));
  // deno-lint-ignore no-explicit-any -- protobufjs' plain objects.
  const file: any = fileDescriptor.toObject(fileDescriptor.decode(bytes));
  const data = file.messageType.find((m: { name: string }) => m.name === "FlightData");
  assertEquals(data.field.map((f: { number: number }) => f.number), [1, 2, 3, 1000]);
  assertEquals(data.field[0].typeName, ".arrow.flight.protocol.FlightDescriptor");
  const doGet = file.service[0].method.find((m: { name: string }) => m.name === "DoGet");
  assertEquals(doGet.outputType, ".arrow.flight.protocol.FlightData");
  assertEquals(doGet.serverStreaming, true);
});

Deno.test("a health watch hears each change and ends when the server stops", async () => {
  const server = new FlightServer({ bindAddress: "127.0.0.1", port: 0, datasets: [] });
  const client = rawClient((await server.start()).port);
  const { path, requestSerialize, responseDeserialize } = healthMethods.Watch;
  const call = client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    { service: "arrow.flight.protocol.FlightService" },
  );
  const heard: number[] = [];
  for await (const { status } of call) {
    heard.push(status);
    if (heard.length === 1) server.setServing(false);
    if (heard.length === 2) server.setServing(true);
    if (heard.length === 3) server.stop(0);
  }
  const { SERVING, NOT_SERVING } = ServingStatus;
  assertEquals(heard, [SERVING, NOT_SERVING, SERVING, NOT_SERVING]);
  await server.stop(0);
  client.close();
});
