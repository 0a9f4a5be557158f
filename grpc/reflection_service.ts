import type { ServerDuplexStream } from "@grpc/grpc-js";
import { protoFiles } from "./descriptors_generated.ts";
import { type Codec, grpcMethod } from "./grpc_method.ts";
import type { ProtoFile } from "./proto_file.ts";
import { ProtoReader, ProtoWriter } from "./protobuf.ts";

/** The versions of the reflection protocol that are served; their messages are the same. */
export const REFLECTION_SERVICES = [
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
] as const;

/** gRPC's NOT_FOUND, as ErrorResponse carries it. */
const NOT_FOUND = 5;

/** A request as it came, because the answer repeats it, and what it asks for. */
interface ReflectionRequest {
  raw: Uint8Array;
  /** Field number of the question: 3 file, 4 symbol, 5 and 6 extensions, 7 list. */
  question: number;
  text: string;
}

/** ServerReflectionRequest: 1 host, one of 3 to 7 (see ReflectionRequest). */
const request: Codec<ReflectionRequest> = {
  encode: (m) => m.raw,
  decode: (raw) => {
    const m: ReflectionRequest = { raw: raw.slice(), question: 0, text: "" };
    const reader = new ProtoReader(raw, "ServerReflectionRequest");
    for (let field; (field = reader.next()) !== 0;) {
      if (field < 3 || field > 7) continue;
      m.question = field;
      if (field !== 5) m.text = reader.string();
    }
    return m;
  },
};

/** ServerReflectionResponse, written here and read by clients only. */
const response: Codec<Uint8Array> = { encode: (m) => m, decode: (m) => m };

/** The one method of proto/grpc/reflection/, under the name of either version. */
export function reflectionMethods(service: string) {
  const both = { request: true, response: true } as const;
  return {
    ServerReflectionInfo: grpcMethod(service, "ServerReflectionInfo", request, response, both),
  };
}

/** Server reflection of one server: its own services, health and reflection itself. */
export class ReflectionService {
  readonly #files: readonly ProtoFile[];

  /** `files`: the server's own, with all that they import. */
  constructor(files: readonly ProtoFile[]) {
    this.#files = [...files, ...protoFiles];
  }

  /** Answers the questions of one stream in their order; a handler for grpc-js. */
  readonly serve = (call: ServerDuplexStream<ReflectionRequest, Uint8Array>): void => {
    call.on("data", (question: ReflectionRequest) => {
      // Answers are a hundred times as long as questions: who does not read them is not read either.
      if (!call.write(this.#answer(question))) call.pause();
    });
    call.on("drain", () => call.resume());
    call.on("end", () => call.end());
    call.on("cancelled", () => call.end());
    // A question that cannot be read ends the stream; grpc-js tells the client.
    call.on("error", () => {});
  };

  /**
   * ServerReflectionResponse: 2 original_request and one of 4 file_descriptor_response,
   * 5 all_extension_numbers_response, 6 list_services_response, 7 error_response.
   */
  #answer({ raw, question, text }: ReflectionRequest): Uint8Array {
    const out = new ProtoWriter().bytes(2, raw, true);
    if (question === 7) {
      const list = new ProtoWriter();
      for (const name of this.#files.flatMap((file) => file.services)) {
        list.bytes(1, new ProtoWriter().string(1, name).finish(), true);
      }
      return out.bytes(6, list.finish(), true).finish();
    }
    const file = this.#files.find((f) =>
      question === 3 ? f.name === text : question === 4 && f.symbols.includes(text)
    );
    if (file !== undefined) {
      const files = new ProtoWriter();
      for (const f of this.#withDependencies(file)) files.bytes(1, fromBase64(f.base64), true);
      return out.bytes(4, files.finish(), true).finish();
    }
    // proto3 has no extensions, so a question for them finds nothing either.
    const error = new ProtoWriter().integer(1, NOT_FOUND).string(2, `Not found: ${text}`);
    return out.bytes(7, error.finish(), true).finish();
  }

  /** The file and all that it imports, each once, the file first. */
  #withDependencies(file: ProtoFile, found = new Set<ProtoFile>()): Set<ProtoFile> {
    if (found.has(file)) return found;
    found.add(file);
    for (const name of file.dependencies) {
      const dependency = this.#files.find((f) => f.name === name);
      if (dependency !== undefined) this.#withDependencies(dependency, found);
    }
    return found;
  }
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}
