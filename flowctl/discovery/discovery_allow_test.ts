import { assertEquals, assertThrows } from "@std/assert";
import { DiscoveryAllow, DiscoveryRefusedError } from "./discovery_allow.ts";

const address = (endpoint: string, ...allowed: string[]) =>
  new DiscoveryAllow(allowed).address({ id: "source-1", endpoint });

Deno.test("a host is allowed on any port, a host with a port on that one", () => {
  assertEquals(address("a.example:8815", "a.example"), "a.example:8815");
  assertEquals(address("A.example:08815", "a.EXAMPLE:8815"), "a.example:8815");
  assertEquals(address("grpc://127.0.0.1:9/x", "127.0.0.1"), "127.0.0.1:9");
  assertEquals(address("[::1]:9", "[::1]"), "[::1]:9");
  assertEquals(address("[::1]:9", "[::1]:009"), "[::1]:9");
});

Deno.test("another host or port is refused with a sentence that names the variable", () => {
  const error = assertThrows(
    () => address("evil.example:8815", "127.0.0.1", "localhost:8815"),
    DiscoveryRefusedError,
  );
  assertEquals(
    error.message,
    'The service "source-1", found by discovery at "evil.example:8815", is not used: ' +
      'DISCOVERY_ALLOW is "127.0.0.1,localhost:8815"; ' +
      "add evil.example or evil.example:8815 to it to allow that.",
  );
  assertThrows(() => address("localhost:8816", "localhost:8815"), DiscoveryRefusedError);
  assertThrows(() => address("sub.a.example:1", "a.example"), DiscoveryRefusedError);
  assertThrows(() => address("a.example@evil:1", "a.example"), DiscoveryRefusedError);
});

Deno.test("a service that names no host is refused", () => {
  for (const endpoint of ["", ":8815", "nowhere", "http://a.example/"]) {
    assertThrows(() => address(endpoint, "a.example"), DiscoveryRefusedError, "host:port");
  }
});
