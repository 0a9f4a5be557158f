import { assertEquals } from "@std/assert";
import { toGrpcFailure } from "../grpc/mod.ts";
import { FlightError, fromGrpcFailure } from "./flight_error.ts";

const grpc = (code: number, details: string) =>
  Object.assign(new Error(`${code}: ${details}`), { code, details });

Deno.test("a code and its sentence come back over the wire's number", () => {
  const codes = [
    "NOT_FOUND",
    "OUT_OF_RANGE",
    "INVALID_ARGUMENT",
    "DATA_LOSS",
    "UNAUTHENTICATED",
    "UNIMPLEMENTED",
    "RESOURCE_EXHAUSTED",
    "CANCELLED",
    "DEADLINE_EXCEEDED",
    "INTERNAL",
    "FAILED_PRECONDITION",
  ] as const;
  for (const code of codes) {
    const back = fromGrpcFailure(toGrpcFailure(new FlightError(code, "Why.")), "a:1");
    assertEquals([back.code, back.message], [code, "Why."]);
  }
  const gone = fromGrpcFailure(toGrpcFailure(new FlightError("UNAVAILABLE", "Why.")), "a:1");
  assertEquals([gone.code, gone.message], ["UNAVAILABLE", "Flight server a:1: Why."]);
});

Deno.test("a connection that broke is UNAVAILABLE, whatever HTTP/2 code it broke with", () => {
  const texts: [number, string][] = [
    [13, "Received RST_STREAM with code 2 triggered by internal client error: write EPIPE"],
    [1, "Received RST_STREAM with code 8 (Call cancelled)"],
    [14, "read ECONNRESET"],
    [10, "Aborted"],
  ];
  for (const [code, details] of texts) {
    assertEquals(fromGrpcFailure(grpc(code, details), "a:1").code, "UNAVAILABLE");
  }
});

Deno.test("a call that failed for the moment's sake may be made again, one that asked wrongly may not", () => {
  const curable = ["UNAVAILABLE", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "INTERNAL"] as const;
  const lasting = ["DATA_LOSS", "OUT_OF_RANGE", "NOT_FOUND", "UNAUTHENTICATED"] as const;
  assertEquals(curable.map((code) => new FlightError(code, "Why.").isCurable), Array(4).fill(true));
  assertEquals(
    lasting.map((code) => new FlightError(code, "Why.").isCurable),
    Array(4).fill(false),
  );
});

Deno.test("codes that are not ours become the nearest", () => {
  assertEquals([2, 6, 7, 99].map((n) => fromGrpcFailure(grpc(n, "x"), "a:1").code), [
    "INTERNAL",
    "FAILED_PRECONDITION",
    "UNAUTHENTICATED",
    "INTERNAL",
  ]);
  assertEquals(fromGrpcFailure(new TypeError("bug"), "a:1").code, "INTERNAL");
});
