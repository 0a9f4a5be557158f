import type { FlightError } from "../../flight/mod.ts";
import { upstreamRefusal } from "../../flowctl/mod.ts";

/** A source that answers, and does not serve the ledgers that are needed; the message says why. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  /** Whether the source gives the same answer to whoever asks again. */
  readonly isFinal: boolean;

  constructor(endpoint: string, cause: FlightError) {
    super(`The source at ${endpoint} does not serve its ledgers ${upstreamRefusal(cause)}`, {
      cause,
    });
    this.isFinal = !cause.isCurable;
  }
}
