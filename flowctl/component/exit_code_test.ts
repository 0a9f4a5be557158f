import { assertEquals } from "@std/assert";
import { ConfigError } from "../config/mod.ts";
import { exitCodeOf } from "./exit_code.ts";

/** An error that says of itself whether it is final. */
class SaidError extends Error {
  constructor(readonly isFinal: boolean) {
    super("the ledger does not decode");
  }
}

Deno.test("an exit code tells whether configuration, data or the moment ended a component", () => {
  assertEquals(exitCodeOf(new ConfigError("sink", [])), 2);
  assertEquals(exitCodeOf(new SaidError(true)), 4);
  assertEquals(exitCodeOf(new SaidError(false)), 1);
  assertEquals(exitCodeOf(new Error("the disk is full")), 1);
  // What is final within another error may be curable for the whole.
  assertEquals(exitCodeOf(new Error("again", { cause: new SaidError(true) })), 1);
  assertEquals(exitCodeOf({ isFinal: true }), 1);
});
