import { assertEquals } from "@std/assert";
import { FlightError } from "../../flight/mod.ts";
import { describeError } from "../../flowctl/mod.ts";
import { SourceError } from "./source_error.ts";

Deno.test("a refused token is told once, with the variable that names it", () => {
  const sentence = "The token of the call is not the server's.";
  const cause = new Error(`16 UNAUTHENTICATED: ${sentence}`);
  const error = new SourceError(
    "127.0.0.1:8815",
    new FlightError("UNAUTHENTICATED", sentence, { cause }),
  );
  assertEquals(
    describeError(error),
    "The source at 127.0.0.1:8815 does not serve its ledgers (UNAUTHENTICATED): " +
      `${sentence} AUTH_TOKEN_FILE must hold the same token here as there.`,
  );
  assertEquals(error.isFinal, true);
});
