import { ProtoReader, ProtoWriter } from "../../grpc/mod.ts";

/** google.protobuf.Timestamp (1 seconds, 2 nanos) as milliseconds since 1970, with fractions. */
export const timestamp = {
  encode: (ms: number): Uint8Array => {
    let seconds = Math.floor(ms / 1000);
    let nanos = Math.round((ms - seconds * 1000) * 1e6);
    // Nanoseconds go from 0 to 999,999,999; a fraction can round up to the next second.
    if (nanos === 1e9) [seconds, nanos] = [seconds + 1, 0];
    return new ProtoWriter().integer(1, seconds).integer(2, nanos).finish();
  },
  decode: (bytes: Uint8Array): number => {
    const reader = new ProtoReader(bytes, "Timestamp");
    let [seconds, nanos] = [0, 0];
    for (let field; (field = reader.next()) !== 0;) {
      if (field === 1) seconds = reader.integer();
      else if (field === 2) nanos = reader.integer();
    }
    return seconds * 1000 + nanos / 1e6;
  },
};
