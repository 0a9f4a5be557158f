import { assertEquals, assertThrows } from "@std/assert";
import { Asset as SdkAsset } from "@stellar/stellar-sdk";
import { AssetError, assetXdr, formatAsset, parseAsset } from "./asset.ts";

const ISSUER = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";

Deno.test("a text reads to an asset and is written back the same", () => {
  for (const text of ["native", `USDC:${ISSUER}`, `a:${ISSUER}`, `TWELVE12CODE:${ISSUER}`]) {
    assertEquals(formatAsset(parseAsset(text)), text);
  }
});

Deno.test("the XDR of an asset is the Stellar SDK's, for codes of 1, 4, 5 and 12 characters", () => {
  assertEquals(
    assetXdr({ type: "native" }),
    new Uint8Array(SdkAsset.native().toXDRObject().toXDR()),
  );
  for (const code of ["X", "USDC", "EURMT", "TWELVE12CODE"]) {
    assertEquals(
      assetXdr({ type: "issued", code, issuer: ISSUER }),
      new Uint8Array(new SdkAsset(code, ISSUER).toXDRObject().toXDR()),
    );
  }
});

Deno.test("a text that names no asset is refused with what would be right", () => {
  const contract = "CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABSC4";
  for (
    const [text, code] of [
      ["USDC", "form"],
      ["", "form"],
      ["Native", "form"],
      [`:${ISSUER}`, "code"],
      [`THIRTEENCHARS:${ISSUER}`, "code"],
      [`US$:${ISSUER}`, "code"],
      ["USDC:", "issuer"],
      [`USDC:${ISSUER.slice(1)}`, "issuer"],
      [`USDC:${contract}`, "issuer"],
      [`USDC:${ISSUER}:`, "issuer"],
    ] as const
  ) {
    const error = assertThrows(() => parseAsset(text), AssetError) as AssetError;
    assertEquals(error.code, code, text);
  }
  assertThrows(() => assetXdr({ type: "issued", code: "", issuer: ISSUER }), AssetError);
});
