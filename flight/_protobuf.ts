import { ProtoReader as AnyReader } from "../grpc/mod.ts";
import { FlightError } from "./flight_error.ts";

export { ProtoWriter } from "../grpc/mod.ts";

/** Reads one message of Flight; throws FlightError INVALID_ARGUMENT on bytes that are none. */
export class ProtoReader extends AnyReader {
  protected override failure(text: string): FlightError {
    return new FlightError("INVALID_ARGUMENT", text);
  }
}
