import type { RangeRequest } from "./flight_dataset.ts";
import { FlightError } from "./flight_error.ts";
import { DescriptorType, type FlightDescriptor } from "./messages.ts";
import { decodeTicket, encodeTicket } from "./ticket.ts";

const EMPTY = new Uint8Array(0);

/** The descriptor of a range: the dataset's name as path where all is asked for, else a ticket. */
export function descriptorOf(request: RangeRequest): FlightDescriptor {
  const { dataset, startLedger, endLedger, filters } = request;
  if (startLedger === undefined && endLedger === undefined && filters === undefined) {
    return { type: DescriptorType.PATH, cmd: EMPTY, path: [dataset] };
  }
  return { type: DescriptorType.CMD, cmd: encodeTicket(request), path: [] };
}

/** What a descriptor asks for: a path of one dataset's name, or a ticket as command. Throws FlightError. */
export function requestOf(descriptor: FlightDescriptor): RangeRequest {
  if (descriptor.type === DescriptorType.CMD) return decodeTicket(descriptor.cmd);
  const [dataset, ...more] = descriptor.path;
  if (descriptor.type === DescriptorType.PATH && dataset && more.length === 0) return { dataset };
  throw new FlightError(
    "INVALID_ARGUMENT",
    'A descriptor must be a path of one name, such as ["ttp_event"], or a command that is a ' +
      `ticket: its path has ${descriptor.path.length} names.`,
  );
}
