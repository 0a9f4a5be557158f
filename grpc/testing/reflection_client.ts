import { Buffer } from "node:buffer";
import { Client, type ClientOptions, credentials, Metadata } from "@grpc/grpc-js";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor/index.js";
import { namedTarget } from "../mod.ts";

/** A question in the names of proto/grpc/reflection/. */
export type ReflectionQuestion = Readonly<Record<string, unknown>>;

const fileDescriptor: protobuf.Type =
  (descriptor as unknown as { FileDescriptorProto: protobuf.Type }).FileDescriptorProto;

/** A client of a port on loopback, with a connection of its own and grpc-js' options besides. */
export function rawClient(port: number, more: ClientOptions = {}): Client {
  const options = { "grpc.use_local_subchannel_pool": 1, ...more };
  return new Client(namedTarget(`127.0.0.1:${port}`), credentials.createInsecure(), options);
}

/** The reflection messages of one version, as protobufjs reads them from proto/. */
async function messages(version: string) {
  const path = `../../proto/grpc/reflection/${version}/reflection.proto`;
  const { root } = protobuf.parse(
    await Deno.readTextFile(new URL(path, import.meta.url)),
    new protobuf.Root(),
    { keepCase: true },
  );
  const type = (name: string) => root.lookupType(`grpc.reflection.${version}.${name}`);
  return { request: type("ServerReflectionRequest"), response: type("ServerReflectionResponse") };
}

/**
 * Asks questions over one stream of a reflection version. The answers are plain objects of
 * protobufjs, with descriptors decoded into `files`.
 */
export async function askReflection(
  client: Client,
  version: string,
  questions: readonly ReflectionQuestion[],
  metadata = new Metadata(),
  // deno-lint-ignore no-explicit-any -- protobufjs' plain objects.
): Promise<any[]> {
  const { request, response } = await messages(version);
  const call = client.makeBidiStreamRequest(
    `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
    (m: ReflectionQuestion) => Buffer.from(request.encode(request.fromObject(m)).finish()),
    (b: Buffer) => response.toObject(response.decode(b)),
    metadata,
  );
  const stream = call.iterator({ destroyOnReturn: false });
  const answers = [];
  for (const question of questions) {
    call.write(question);
    const { value } = await stream.next();
    const described = value.file_descriptor_response?.file_descriptor_proto ?? [];
    value.files = described.map((bytes: Uint8Array) =>
      fileDescriptor.toObject(fileDescriptor.decode(bytes))
    );
    answers.push(value);
  }
  call.end();
  return answers;
}
