/**
 * Makes descriptors for server reflection from proto/. They are embedded so that a server needs no
 * read permission for them and a bundle is whole.
 *
 *     deno run --allow-read=proto --allow-write=OUT --allow-env grpc/generate_descriptors.ts OUT FILE…
 *
 * OUT is the TypeScript file to write, each FILE is one of proto/. What those import of
 * google/protobuf/ comes with them.
 *
 * @module
 */
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor/index.js";

// protobufjs' own types leave the descriptor messages out.
const fileDescriptorProto: protobuf.Type =
  (descriptor as unknown as { FileDescriptorProto: protobuf.Type }).FileDescriptorProto;

const root = new URL("../", import.meta.url);

/** The import that a generated file needs, seen from the top. */
const PROTO_FILE_MODULES: Readonly<Record<string, string>> = { grpc: "./proto_file.ts" };

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

/** The message that a map field stands for, by the rule of Protocol Buffers. */
const entryName = (field: { name: string }) =>
  `${field.name.replace(/(?:^|_)(.)/g, (_, c: string) => c.toUpperCase())}Entry`;

function fieldType(type: string, resolved: protobuf.Type | protobuf.Enum | null) {
  const number = resolved instanceof protobuf.Enum
    ? ENUM_TYPE
    : resolved
    ? MESSAGE_TYPE
    : SCALAR_TYPES[type];
  if (number === undefined) throw new Error(`Fields of type "${type}" are not known here`);
  return { type: number, ...(resolved && { typeName: fullName(resolved) }) };
}

function fieldDescriptor(field: protobuf.Field, oneofs: readonly protobuf.OneOf[]) {
  const optional = field.options?.proto3_optional === true;
  const oneof = field.partOf ? oneofs.indexOf(field.partOf) : -1;
  const type = field instanceof protobuf.MapField
    ? { type: MESSAGE_TYPE, typeName: `${fullName(field.parent!)}.${entryName(field)}` }
    : fieldType(field.type, field.resolvedType);
  return {
    name: field.name,
    number: field.id,
    label: field.repeated || field.map ? LABEL_REPEATED : LABEL_OPTIONAL,
    ...type,
    ...(oneof >= 0 && { oneofIndex: oneof }),
    ...(optional && { proto3Optional: true }),
    jsonName: field.name.replace(/_(.)/g, (_, c: string) => c.toUpperCase()),
  };
}

function entryDescriptor(field: protobuf.MapField) {
  const part = (name: string, number: number, type: ReturnType<typeof fieldType>) => ({
    name,
    number,
    label: LABEL_OPTIONAL,
    ...type,
    jsonName: name,
  });
  return {
    name: entryName(field),
    field: [
      part("key", 1, fieldType(field.keyType, null)),
      part("value", 2, fieldType(field.type, field.resolvedType)),
    ],
    options: { mapEntry: true },
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
    nestedType: type.fieldsArray.filter((f) => f instanceof protobuf.MapField).map(entryDescriptor),
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
function describeFile(name: string, parsed: protobuf.IParserResult) {
  const all = (parsed.root.lookup(parsed.package!) as protobuf.Namespace).nestedArray;
  const own = all.filter((object) => object.filename === name);
  const messages = own.filter((n) => n instanceof protobuf.Type);
  const enums = own.filter((n) => n instanceof protobuf.Enum);
  const services = own.filter((n) => n instanceof protobuf.Service);
  const dependency = parsed.imports ?? [];
  const bytes = fileDescriptorProto.encode({
    name,
    package: parsed.package!,
    dependency,
    messageType: messages.map(messageDescriptor),
    enumType: enums.map(enumDescriptor),
    service: services.map(serviceDescriptor),
    syntax: "proto3",
  }).finish();
  const inner = (type: protobuf.Type) =>
    type.nestedArray.filter((n) => n instanceof protobuf.Enum).map(fullName);
  const symbols = [
    ...messages.flatMap((m) => [fullName(m), ...inner(m)]),
    ...enums.map(fullName),
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

/** The descriptors of the files, each behind what it imports, each once. */
async function describeFiles(names: readonly string[]) {
  const files = new protobuf.Root();
  const parsed = new Map<string, protobuf.IParserResult>();
  const read = async (name: string) => {
    if (parsed.has(name)) return;
    const wellKnown = protobuf.common.get(name);
    const result = wellKnown === null
      ? parse(files, name, await Deno.readTextFile(new URL(`proto/${name}`, root)))
      : addWellKnown(files, name, wellKnown);
    for (const dependency of result.imports ?? []) await read(dependency);
    parsed.set(name, result);
  };
  for (const name of names) await read(name);
  files.resolveAll();
  return [...parsed].map(([name, result]) => describeFile(name, result));
}

function parse(files: protobuf.Root, name: string, text: string): protobuf.IParserResult {
  // What the parser adds carries this name; protobufjs' types leave it out.
  const parser = protobuf.parse as { filename?: string | null };
  parser.filename = name;
  try {
    return protobuf.parse(text, files, { keepCase: true });
  } finally {
    parser.filename = null;
  }
}

/** protobufjs has the files of google/protobuf/ within itself, as JSON. */
function addWellKnown(
  files: protobuf.Root,
  name: string,
  json: protobuf.INamespace,
): protobuf.IParserResult {
  files.addJSON(json.nested!);
  const own = files.lookup("google.protobuf") as protobuf.Namespace;
  for (const object of own.nestedArray) object.filename ??= name;
  return { package: "google.protobuf", imports: [], weakImports: [], root: files };
}

if (import.meta.main) {
  const [output, ...names] = Deno.args;
  if (output === undefined || names.length === 0) {
    console.error("Name the file to write and the files of proto/ that it describes.");
    Deno.exit(1);
  }
  const folder = output.slice(0, output.indexOf("/"));
  const command =
    `deno run --allow-read=proto --allow-write=${output} --allow-env grpc/generate_descriptors.ts ${
      Deno.args.join(" ")
    }`;
  const up = "../".repeat(output.split("/").length - 1);
  const module = PROTO_FILE_MODULES[folder] ?? `${up}grpc/mod.ts`;
  const text = `// Generated from proto/ by: ${command}
import type { ProtoFile } from "${module}";

/** The descriptors of this folder's services, with all that they import. */
export const protoFiles: readonly ProtoFile[] = ${
    JSON.stringify(await describeFiles(names), null, 2)
  };
`;
  await Deno.writeTextFile(output, text);
}
