import { assertEquals } from "@std/assert";
import { ArrowError } from "../../arrow/mod.ts";
import { LedgerError, XdrError } from "../../stellar/mod.ts";
import { asBadLedger } from "./bad_ledger_error.ts";
import { VerificationError } from "./ledger_verifier.ts";

Deno.test("whatever a ledger's own content makes go wrong becomes one sentence with ledger and file", () => {
  const sentence = (error: Error) => asBadLedger(7, "lake/7", error)?.message;
  assertEquals(
    [
      sentence(new XdrError("Memo: 9 is no type", 4)),
      sentence(new LedgerError(7, "Ledger 7: it is odd")),
      sentence(new VerificationError("chain", 7, "Ledger 7 does not link.")),
      sentence(new RangeError("Invalid time value")),
      sentence(new ArrowError("TOO_LARGE", "It is too large.")),
    ],
    [
      "Ledger 7 in lake/7 is damaged: Byte 4: Memo: 9 is no type.",
      "Ledger 7: it is odd (in lake/7).",
      "Ledger 7 does not link (in lake/7).",
      "Ledger 7 in lake/7 makes no row: Invalid time value.",
      "Ledger 7 in lake/7 makes no row: It is too large.",
    ],
  );
});

Deno.test("what is no ledger's fault stays what it is", () => {
  assertEquals(asBadLedger(7, "lake/7", new TypeError("oops")), undefined);
  assertEquals(asBadLedger(7, "lake/7", new DOMException("stopping", "AbortError")), undefined);
});
