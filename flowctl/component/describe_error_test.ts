import { assertEquals } from "@std/assert";
import { describeError } from "./describe_error.ts";

Deno.test("an error is one sentence with causes that it does not repeat", () => {
  const inner = new Error("disk full");
  assertEquals(
    describeError(new Error("cannot write", { cause: inner })),
    "cannot write: disk full",
  );
  const repeats = new Error("cannot write: disk full", { cause: inner });
  assertEquals(describeError(repeats), "cannot write: disk full");
  const grpc = new Error("16 UNAUTHENTICATED: The token is wrong.");
  const told = new Error("refused (UNAUTHENTICATED): The token is wrong.", { cause: grpc });
  assertEquals(describeError(told), told.message);
  assertEquals(describeError(new Error("It ends.", { cause: inner })), "It ends: disk full");
  assertEquals(describeError(new AggregateError([inner, "b"], "both")), "both: disk full: b");
  assertEquals(describeError(new TypeError()), "TypeError");
  assertEquals(describeError("text"), "text");
});
