import type { Clock } from "../component/mod.ts";

/** `<prefix>-<nanoseconds since 1970>`, one later for each that is taken. */
export function uniqueId(prefix: string, clock: Clock, taken: (id: string) => boolean): string {
  for (let at = BigInt(Math.floor(clock.now())) * 1_000_000n;; at++) {
    const id = `${prefix}-${at}`;
    if (!taken(id)) return id;
  }
}
