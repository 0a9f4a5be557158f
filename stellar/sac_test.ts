import { assertEquals } from "@std/assert";
import { Asset as SdkAsset } from "@stellar/stellar-sdk";
import { assetXdr, parseAsset } from "./asset.ts";
import { networkId, Networks } from "./network.ts";
import { sacContractId } from "./sac.ts";
import { encodeStrkey, StrkeyVersion } from "./strkey.ts";

const ISSUER = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";

Deno.test("the asset contract's id is the Stellar SDK's, for each kind of asset and each network", () => {
  for (const passphrase of Object.values(Networks)) {
    for (const text of ["native", `USDC:${ISSUER}`, `TWELVE12CODE:${ISSUER}`]) {
      const id = sacContractId(networkId(passphrase), assetXdr(parseAsset(text)));
      const [code, issuer] = text.split(":");
      const sdk = text === "native" ? SdkAsset.native() : new SdkAsset(code!, issuer!);
      assertEquals(encodeStrkey(StrkeyVersion.contract, id), sdk.contractId(passphrase));
    }
  }
});

Deno.test("the asset may lie inside a larger buffer", () => {
  const xdr = assetXdr(parseAsset(`USDC:${ISSUER}`));
  const ledger = new Uint8Array(200).fill(7);
  ledger.set(xdr, 50);
  const id = networkId(Networks.pubnet);
  assertEquals(sacContractId(id, ledger, 50, 50 + xdr.length), sacContractId(id, xdr));
});
