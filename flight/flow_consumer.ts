import type { Metadata } from "@grpc/grpc-js";
import { FlightError } from "./flight_error.ts";

// A consumer tells its load by an action and reads by DoGet: a server knows by this header which
// streams are whose. Percent-encoded, for a header holds printable ASCII only.

const HEADER = "flow-consumer";

/** Longest name of a consumer, in characters. */
export const MAX_CONSUMER_CHARS = 256;

/** Says who reads. Throws FlightError INVALID_ARGUMENT for a name that is empty or too long. */
export function setConsumer(metadata: Metadata, consumer: string): void {
  metadata.set(HEADER, encodeURIComponent(checked(consumer)));
}

/** Who reads; undefined where nothing is said. Throws FlightError INVALID_ARGUMENT. */
export function consumerOf(metadata: Metadata): string | undefined {
  const value = metadata.get(HEADER)[0];
  if (value === undefined) return undefined;
  try {
    return checked(decodeURIComponent(String(value)));
  } catch (error) {
    if (error instanceof FlightError) throw error;
    throw refused(String(value));
  }
}

function checked(consumer: string): string {
  const isWellFormed = consumer.isWellFormed();
  if (isWellFormed && consumer !== "" && consumer.length <= MAX_CONSUMER_CHARS) return consumer;
  throw refused(consumer);
}

function refused(consumer: string): FlightError {
  return new FlightError(
    "INVALID_ARGUMENT",
    `The header ${HEADER} must be the percent-encoded name of a consumer, 1 to ` +
      `${MAX_CONSUMER_CHARS} characters: ${JSON.stringify(consumer.slice(0, 40))}.`,
  );
}
