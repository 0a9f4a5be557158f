import { assertEquals } from "@std/assert";
import { hash, Networks as SdkNetworks } from "@stellar/stellar-sdk";
import { networkId, Networks } from "./network.ts";

Deno.test("passphrases and network ids are the Stellar SDK's", () => {
  assertEquals(Networks.pubnet, SdkNetworks.PUBLIC);
  assertEquals(Networks.testnet, SdkNetworks.TESTNET);
  assertEquals(Networks.futurenet, SdkNetworks.FUTURENET);
  for (const passphrase of [...Object.values(Networks), "Ünïcode ; 2026"]) {
    assertEquals(networkId(passphrase), new Uint8Array(hash(passphrase)));
  }
});
