import { assertEquals, assertRejects } from "@std/assert";
import { ConfigError, loadConfig } from "../../flowctl/mod.ts";
import { readDeclaration } from "./component_command.ts";
import { listenAddress } from "./listen_address.ts";

const declaration = await readDeclaration("stellar-arrow-source");

function listen(address: string): Promise<string> {
  const args = ["--source-type", "simulated", "--bind-address", address, "--allow-insecure"];
  return listenAddress(loadConfig({ declaration, args, env: { get: () => undefined } }));
}

Deno.test("an address is kept, localhost is loopback, and a name that nobody knows is refused", async () => {
  for (const address of ["127.0.0.1", "0.0.0.0", "::", "::1", "10.0.0.5"]) {
    assertEquals(await listen(address), address);
  }
  assertEquals(await listen("localhost"), "127.0.0.1");
  // No name ends so (RFC 2606), also where there is no resolver at all.
  await assertRejects(() => listen("no-such-name.invalid"), ConfigError, "BIND_ADDRESS");
});
