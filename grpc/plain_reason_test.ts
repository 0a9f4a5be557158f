import { assertEquals } from "@std/assert";
import { plainReason } from "./plain_reason.ts";

Deno.test("what was wrong with a call is said once, in plain words", () => {
  const cases = [
    [
      "Flight server 127.0.0.1:9: No connection established. Last error: Error: connect " +
      "ECONNREFUSED 127.0.0.1:9. Resolution note: ",
      "nothing listens there (connect ECONNREFUSED 127.0.0.1:9)",
    ],
    [
      "Flight server x:1: Name resolution failed for target dns:x:1. Resolution note: : 14 " +
      "UNAVAILABLE: Name resolution failed for target dns:x:1",
      "Name resolution failed for target dns:x:1",
    ],
    ["14 UNAVAILABLE: Connection dropped", "Connection dropped"],
    [
      // The length is the text `"err`.
      "8 RESOURCE_EXHAUSTED: Received message larger than max (577073778 vs 16777216)",
      "no gRPC server listens there: what answered is text, as of plain HTTP",
    ],
    [
      "Received message larger than max (20000000 vs 16777216)",
      "Received message larger than max (20000000 vs 16777216)",
    ],
    [
      "Protocol error (2026-11-28T10:10:51.621Z)",
      "no gRPC server listens there: what answered is not HTTP/2",
    ],
    ["Ledger 2 is broken.", "Ledger 2 is broken."],
  ] as const;
  for (const [message, plain] of cases) assertEquals(plainReason(message), plain);
});
