import { assertEquals } from "@std/assert";
import { GrpcError, MAX_DETAILS_BYTES, toGrpcFailure } from "./grpc_error.ts";

Deno.test("the inside of a failed server stays inside, and any text can be sent", () => {
  const failure = toGrpcFailure(new Error("secret"));
  assertEquals([failure.code, failure.details.includes("secret")], [13, false]);
  const odd = toGrpcFailure(new GrpcError("DATA_LOSS", `\ud800${"x".repeat(9000)}`));
  assertEquals(odd.details.isWellFormed(), true);
});

Deno.test("a text is cut by the bytes that it takes percent-encoded, between characters", () => {
  for (const character of ["x", " ", "ü", "台", "🌍"]) {
    const { details } = toGrpcFailure(new GrpcError("DATA_LOSS", character.repeat(9000)));
    const size = encodeURI(character).length;
    assertEquals(
      [encodeURI(details).length, details.replaceAll(character, "")],
      [MAX_DETAILS_BYTES - MAX_DETAILS_BYTES % size, ""],
    );
  }
  const short = "Datei „größer“ fehlt.";
  assertEquals(toGrpcFailure(new GrpcError("NOT_FOUND", short)).details, short);
});
