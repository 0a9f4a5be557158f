import { assertEquals, assertRejects } from "@std/assert";
import { listenAddress } from "./listen_address.ts";

Deno.test("an address is kept, localhost is loopback, another name is looked up", async () => {
  for (const address of ["127.0.0.1", "0.0.0.0", "::", "::1", "10.0.0.5"]) {
    assertEquals(await listenAddress(address), address);
  }
  assertEquals(await listenAddress("localhost"), "127.0.0.1");
  // No name ends so (RFC 2606), also where there is no resolver at all.
  await assertRejects(() => listenAddress("no-such-name.invalid"), Error, "no-such-name.invalid");
});
