import { assertEquals } from "@std/assert";
import { isWildcard } from "./wildcard.ts";

Deno.test("every address of a machine is told from one of them, however it is written", () => {
  for (const address of ["0.0.0.0", "::", "[::]", "0:0:0:0:0:0:0:0", "::0", "0"]) {
    assertEquals([address, isWildcard(address)], [address, true]);
  }
  for (const address of ["127.0.0.1", "10.0.0.0", "::1", "[::1]", "localhost", ""]) {
    assertEquals([address, isWildcard(address)], [address, false]);
  }
});
