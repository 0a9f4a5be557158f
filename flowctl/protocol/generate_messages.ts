/**
 * Makes the messages and the service of one .proto file as TypeScript: an interface, a codec and the
 * method definitions of grpc-js. Made code needs no read permission and no library when it runs.
 *
 *     deno run --allow-read=proto --allow-write=OUT --allow-env flowctl/protocol/generate_messages.ts OUT FILE
 *
 * OUT is the file to write, FILE is one of proto/.
 *
 * @module
 */
import protobuf from "protobufjs";

/** Types that have a hand-written codec. */
const WELL_KNOWN: Readonly<Record<string, { codec: string; type: string; module: string }>> = {
  ".google.protobuf.Timestamp": { codec: "timestamp", type: "number", module: "./timestamp.ts" },
  ".google.protobuf.Empty": { codec: "empty", type: "Empty", module: "./empty.ts" },
};

/** How a scalar is read and written, its type here, and its default. */
const SCALARS: Readonly<Record<string, { method: string; type: string; default: string }>> = {
  string: { method: "string", type: "string", default: '""' },
  bool: { method: "bool", type: "boolean", default: "false" },
  int32: { method: "integer", type: "number", default: "0" },
  int64: { method: "integer", type: "number", default: "0" },
  double: { method: "double", type: "number", default: "0" },
};
const ENUM = { method: "integer", type: "number", default: "0" };

const lowerFirst = (text: string) => text[0]!.toLowerCase() + text.slice(1);
const camel = (name: string) => name.replace(/_(.)/g, (_, c: string) => c.toUpperCase());
const isMessage = (field: protobuf.Field) => field.resolvedType instanceof protobuf.Type;
const isMap = (field: protobuf.Field): field is protobuf.MapField & protobuf.Field =>
  field instanceof protobuf.MapField;

function scalarOf(field: protobuf.Field) {
  const known = field.resolvedType instanceof protobuf.Enum ? ENUM : SCALARS[field.type];
  if (known === undefined) throw new Error(`${field.fullName}: type "${field.type}" is not known`);
  return known;
}

function doc(comment: string | null, fallback: string, indent = ""): string {
  const text = (comment ?? fallback).replaceAll("\n", `\n${indent} * `);
  return text.includes("\n")
    ? `${indent}/**\n${indent} * ${text}\n${indent} */`
    : `${indent}/** ${text} */`;
}

function codecOf(type: protobuf.Type): string {
  return WELL_KNOWN[type.fullName]?.codec ?? lowerFirst(type.name);
}

/** The type of one value: of an element or map value where there are many. */
function valueType(field: protobuf.Field): string {
  if (!isMessage(field)) return scalarOf(field).type;
  const { fullName, name } = field.resolvedType!;
  return WELL_KNOWN[fullName]?.type ?? name;
}

function property(field: protobuf.Field): string {
  const type = valueType(field);
  const comment = doc(field.comment, `Field ${field.id}, \`${field.name}\`.`, "  ");
  const name = camel(field.name);
  if (isMap(field)) return `${comment}\n  ${name}: Record<string, ${type}>;`;
  if (field.repeated) return `${comment}\n  ${name}: ${type}[];`;
  return isMessage(field)
    ? `${comment}\n  ${name}?: ${type} | undefined;`
    : `${comment}\n  ${name}: ${type};`;
}

function initial(field: protobuf.Field): string | undefined {
  const name = camel(field.name);
  if (isMap(field)) return `${name}: emptyMap(),`;
  if (field.repeated) return `${name}: [],`;
  return isMessage(field) ? undefined : `${name}: ${scalarOf(field).default},`;
}

function writing(field: protobuf.Field): string {
  const name = `m.${camel(field.name)}`;
  const codec = isMessage(field) ? codecOf(field.resolvedType as protobuf.Type) : undefined;
  const write = (writer: string, id: number, value: string) =>
    codec === undefined
      ? `${writer}.${scalarOf(field).method}(${id}, ${value})`
      : `${writer}.bytes(${id}, ${codec}.encode(${value}), true)`;
  if (isMap(field)) {
    const entry = write("new ProtoWriter().string(1, key)", 2, "value");
    return `for (const [key, value] of Object.entries(${name})) {
      w.bytes(${field.id}, ${entry}.finish(), true);
    }`;
  }
  if (field.repeated) {
    const element = codec === undefined
      ? `w.stringElement(${field.id}, value)`
      : write("w", field.id, "value");
    if (codec === undefined && field.type !== "string") {
      throw new Error(`${field.fullName}: of scalars only strings can be repeated`);
    }
    return `for (const value of ${name}) ${element};`;
  }
  if (codec !== undefined) return `if (${name} !== undefined) ${write("w", field.id, name)};`;
  const guard = field.type === "double" ? `if (${name} !== 0) ` : "";
  return `${guard}${write("w", field.id, name)};`;
}

function reading(field: protobuf.Field): string {
  const name = `m.${camel(field.name)}`;
  const codec = isMessage(field) ? codecOf(field.resolvedType as protobuf.Type) : undefined;
  const read = (reader: string) =>
    codec === undefined
      ? `${reader}.${scalarOf(field).method}()`
      : `${codec}.decode(${reader}.bytes())`;
  if (isMap(field)) {
    const fallback = codec === undefined
      ? scalarOf(field).default
      : `${codec}.decode(new Uint8Array(0))`;
    return `{
          const r = new ProtoReader(reader.bytes(), "${field.parent!.name}.${field.name}");
          let [key, value]: [string, ${valueType(field)}] = ["", ${fallback}];
          for (let field; (field = r.next()) !== 0;) {
            if (field === 1) key = r.string();
            else if (field === 2) value = ${read("r")};
          }
          ${name}[key] = value;
          break;
        }`;
  }
  return field.repeated
    ? `${name}.push(${read("reader")});\n          break;`
    : `${name} = ${read("reader")};\n          break;`;
}

function message(type: protobuf.Type): string {
  const fields = type.fieldsArray.map((field) => field.resolve());
  const codec = codecOf(type);
  return `${doc(type.comment, `${type.fullName.slice(1)}.`)}
export interface ${type.name} {
${fields.map(property).join("\n")}
}

/** Makes, writes and reads {@linkcode ${type.name}}. */
export const ${codec}: Message<${type.name}> = {
  create: (fields) => ({
    ${fields.map(initial).filter((line) => line !== undefined).join("\n    ")}
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    ${fields.map(writing).join("\n    ")}
    return w.finish();
  },
  decode: (bytes) => {
    const m = ${codec}.create();
    const reader = new ProtoReader(bytes, "${type.name}");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
${
    fields.map((field) =>
      `        case ${field.id}:${isMap(field) ? " " : "\n          "}${reading(field)}`
    ).join("\n")
  }
      }
    }
    return m;
  },
};`;
}

/** Values without the prefix that the rules of Protocol Buffers give them. */
function enumeration(type: protobuf.Enum): string {
  const prefix = `${type.name.replace(/(?<=.)([A-Z])/g, "_$1").toUpperCase()}_`;
  const values = Object.entries(type.values).map(([name, number]) =>
    `${doc(type.comments[name] ?? null, `${name}.`, "  ")}\n  ${
      name.startsWith(prefix) ? name.slice(prefix.length) : name
    }: ${number},`
  );
  return `${doc(type.comment, `${type.fullName.slice(1)}.`)}
export const ${type.name} = {
${values.join("\n")}
} as const;`;
}

function service(type: protobuf.Service): string {
  const name = type.fullName.slice(1);
  const constant = `${type.name.replace(/(?<=.)([A-Z])/g, "_$1").toUpperCase()}_NAME`;
  const methods = type.methodsArray.map((method) => {
    method.resolve();
    const request = codecOf(method.resolvedRequestType!);
    const response = codecOf(method.resolvedResponseType!);
    return `${doc(method.comment, `${method.name}.`, "  ")}
  ${method.name}: grpcMethod(${constant}, "${method.name}", ${request}, ${response}),`;
  });
  return `/** Full name of the service. */
export const ${constant} = "${name}";

${doc(type.comment, `The methods of ${name}, for server and client.`)}
export const ${lowerFirst(type.name)}Methods = {
${methods.join("\n")}
};`;
}

function generate(proto: string, text: string): string {
  const root = new protobuf.Root();
  const { package: name, imports = [] } = protobuf.parse(text, root, {
    keepCase: true,
    alternateCommentMode: true,
  });
  for (const file of imports) root.addJSON(protobuf.common.get(file)!.nested!);
  root.resolveAll();
  const all = (root.lookup(name!) as protobuf.Namespace).nestedArray;
  const parts = [
    ...all.filter((part) => part instanceof protobuf.Enum).map(enumeration),
    ...all.filter((part) => part instanceof protobuf.Type).map(message),
    ...all.filter((part) => part instanceof protobuf.Service).map(service),
  ].join("\n\n");
  const used = Object.values(WELL_KNOWN).filter(({ codec }) =>
    new RegExp(`\\b${codec}\\b`).test(parts)
  );
  return `// Generated from proto/${proto} by: ${command()}
import { grpcMethod, ProtoReader, ProtoWriter } from "../../grpc/mod.ts";
${used.map(({ codec, module }) => `import { ${codec} } from "${module}";`).join("\n")}
import { emptyMap, type Message } from "./message.ts";

${parts}
`;
}

function command(): string {
  const [output] = Deno.args;
  return `deno run --allow-read=proto --allow-write=${output} --allow-env flowctl/protocol/generate_messages.ts ${
    Deno.args.join(" ")
  }`;
}

if (import.meta.main) {
  const [output, proto] = Deno.args;
  if (output === undefined || proto === undefined) {
    console.error("Name the file to write and the file of proto/ that it is made from.");
    Deno.exit(1);
  }
  const text = await Deno.readTextFile(new URL(`../../proto/${proto}`, import.meta.url));
  await Deno.writeTextFile(output, generate(proto, text));
}
