import { type Codec, ProtoReader } from "../../grpc/mod.ts";

/** google.protobuf.Empty. */
export type Empty = Record<string, never>;

/** Its bytes: none. Fields of a later version are passed over. */
export const empty: Codec<Empty> = {
  encode: () => new Uint8Array(0),
  decode: (bytes) => {
    const reader = new ProtoReader(bytes, "Empty");
    while (reader.next() !== 0);
    return {};
  },
};
