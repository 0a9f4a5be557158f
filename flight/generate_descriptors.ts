/**
 * Makes flight/descriptors_generated.ts from proto/: the descriptors of every gRPC service that
 * a FlightServer has, for server reflection. They are embedded so that a component needs no read
 * permission for them and a bundle is whole.
 *
 *     deno run --allow-read=proto --allow-write=flight --allow-env flight/generate_descriptors.ts
 *
 * With `--check` nothing is written, and the exit code is 1 when the file is not up to date.
 *
 * @module
 */
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor/index.js";

const COMMAND =
  "deno run --allow-read=proto --allow-write=flight --allow-env flight/generate_descriptors.ts";

// protobufjs' own types leave the descriptor messages out.
const fileDescriptorProto: protobuf.Type =
  (descriptor as unknown as { FileDescriptorProto: protobuf.Type }).FileDescriptorProto;

/** The files of proto/ with services, as reflection names them. */
const FILES = [
  "Flight.proto",
  "grpc/health/v1/health.proto",
  "grpc/reflection/v1/reflection.proto",
  "grpc/reflection/v1alpha/reflection.proto",
];

const TIMESTAMP = "google/protobuf/timestamp.proto";

const root = new URL("../", import.meta.url);
const output = new URL("flight/descriptors_generated.ts", root);

/** Numbers of FieldDescriptorProto.Type. */
const SCALAR_TYPES: Readonly<Record<string, number>> = {
  double: 1,
  int64: 3,
  uint64: 4,
  int32: 5,
  bool: 8,
  string: 9,
  bytes: 12,
};
const MESSAGE_TYPE = 11;
const ENUM_TYPE = 14;
const LABEL_OPTIONAL = 1;
const LABEL_REPEATED = 3;

/** A resolved type's name as descriptors have it, such as `.arrow.flight.protocol.Ticket`. */
const fullName = (object: protobuf.ReflectionObject) => object.fullName;

function fieldDescriptor(field: protobuf.Field, oneofs: readonly protobuf.OneOf[]) {
  const resolved = field.resolvedType;
  const type = resolved instanceof protobuf.Enum
    ? ENUM_TYPE
    : resolved
    ? MESSAGE_TYPE
    : SCALAR_TYPES[field.type];
  if (type === undefined) throw new Error(`Field ${field.fullName} has unknown type ${field.type}`);
  const optional = field.options?.proto3_optional === true;
  const oneof = field.partOf ? oneofs.indexOf(field.partOf) : -1;
  return {
    name: field.name,
    number: field.id,
    label: field.repeated ? LABEL_REPEATED : LABEL_OPTIONAL,
    type,
    ...(resolved && { typeName: fullName(resolved) }),
    ...(oneof >= 0 && { oneofIndex: oneof }),
    ...(optional && { proto3Optional: true }),
    jsonName: field.name.replace(/_(.)/g, (_, c: string) => c.toUpperCase()),
  };
}

function enumDescriptor(type: protobuf.Enum) {
  const value = Object.entries(type.values).map(([name, number]) => ({ name, number }));
  return { name: type.name, value };
}

function messageDescriptor(type: protobuf.Type) {
  const oneofs = type.oneofsArray;
  return {
    name: type.name,
    field: type.fieldsArray.map((field) => fieldDescriptor(field.resolve(), oneofs)),
    enumType: type.nestedArray.filter((n) => n instanceof protobuf.Enum).map(enumDescriptor),
    oneofDecl: oneofs.map((oneof) => ({ name: oneof.name })),
  };
}

function serviceDescriptor(service: protobuf.Service) {
  return {
    name: service.name,
    method: service.methodsArray.map((method) => {
      method.resolve();
      return {
        name: method.name,
        inputType: fullName(method.resolvedRequestType!),
        outputType: fullName(method.resolvedResponseType!),
        clientStreaming: method.requestStream === true,
        serverStreaming: method.responseStream === true,
      };
    }),
  };
}

/** One file's FileDescriptorProto, and what reflection must know of it. */
function describeFile(name: string, source: string | undefined) {
  const files = new protobuf.Root();
  files.addJSON(protobuf.common.get(TIMESTAMP)!.nested!);
  let packageName = "google.protobuf";
  let dependency: string[] = [];
  if (source !== undefined) {
    const parsed = protobuf.parse(source, files, { keepCase: true });
    packageName = parsed.package!;
    dependency = parsed.imports ?? [];
  }
  files.resolveAll();
  const all = (files.lookup(packageName) as protobuf.Namespace).nestedArray;
  const nested = source === undefined ? all.filter((n) => n.name === "Timestamp") : all;
  const messages = nested.filter((n) => n instanceof protobuf.Type);
  const services = nested.filter((n) => n instanceof protobuf.Service);
  const bytes = fileDescriptorProto.encode({
    name,
    package: packageName,
    dependency,
    messageType: messages.map(messageDescriptor),
    service: services.map(serviceDescriptor),
    syntax: "proto3",
  }).finish();
  const inner = (type: protobuf.Type) =>
    type.nestedArray.filter((n) => n instanceof protobuf.Enum).map(fullName);
  const symbols = [
    ...messages.flatMap((m) => [fullName(m), ...inner(m)]),
    ...services.flatMap((s) => [fullName(s), ...s.methodsArray.map(fullName)]),
  ].map((symbol) => symbol.slice(1));
  return {
    name,
    dependencies: dependency,
    services: services.map((s) => s.fullName.slice(1)),
    symbols,
    base64: btoa(String.fromCharCode(...bytes)),
  };
}

async function generate(): Promise<string> {
  const files = [describeFile(TIMESTAMP, undefined)];
  for (const name of FILES) {
    files.push(describeFile(name, await Deno.readTextFile(new URL(`proto/${name}`, root))));
  }
  return `// Generated from proto/ by: ${COMMAND}

/** A .proto file as server reflection answers it. */
export interface ProtoFile {
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly services: readonly string[];
  /** Full names of all that the file declares. */
  readonly symbols: readonly string[];
  /** Its FileDescriptorProto. */
  readonly base64: string;
}

export const protoFiles: readonly ProtoFile[] = ${JSON.stringify(files, null, 2)};
`;
}

if (import.meta.main) {
  const text = await generate();
  if (Deno.args.includes("--check")) {
    if (await Deno.readTextFile(output) !== text) {
      console.error(`flight/descriptors_generated.ts is not up to date. Run: ${COMMAND}`);
      Deno.exit(1);
    }
  } else {
    await Deno.writeTextFile(output, text);
  }
}
