import { assertEquals } from "@std/assert";
import { assetXdr, networkId, Networks, parseAsset, sacContractId } from "../../../stellar/mod.ts";
import { AddressKind, AddressTable } from "./address_table.ts";
import { AssetTable, NATIVE_ASSET, NO_ASSET } from "./asset_table.ts";

const ISSUER = "GAZJEXF33A5B5JEMZCUCXHVTEMCJM5FMFBGNMIIXUTGTDJI272VLWO2E";
const id = networkId(Networks.testnet);

function tables() {
  const addresses = new AddressTable();
  return { addresses, assets: new AssetTable(id, addresses) };
}

function intern(assets: AssetTable, text: string): number {
  const xdr = assetXdr(parseAsset(text));
  return assets.intern(xdr, new DataView(xdr.buffer), 0);
}

function textOf(assets: AssetTable, asset: number): [string, string] {
  const { textStart, textEnd, codeEnd } = assets.facts[asset]!;
  const decode = (end: number) => new TextDecoder().decode(assets.text.subarray(textStart, end));
  return [decode(textEnd), decode(codeEnd)];
}

Deno.test("an asset is known by its XDR, with code, text, issuer and contract", () => {
  const { addresses, assets } = tables();
  for (const code of ["A", "USDC", "YUSDC", "LONGESTCODE1"]) {
    const text = `${code}:${ISSUER}`;
    const asset = intern(assets, text);
    assertEquals(intern(assets, text), asset);
    assertEquals(textOf(assets, asset), [text, code]);
    const { issuer, contract } = assets.facts[asset]!;
    assertEquals(addresses.kind(issuer), AddressKind.account);
    const contractId = sacContractId(id, assetXdr(parseAsset(text)));
    const view = new DataView(contractId.buffer);
    assertEquals(addresses.intern(AddressKind.contract, view, 0), contract);
  }
  assertEquals(intern(assets, "native"), NATIVE_ASSET);
  assertEquals(textOf(assets, NATIVE_ASSET), ["native", ""]);
});

Deno.test("thousands of assets keep their numbers and texts", () => {
  const { assets } = tables();
  const texts = Array.from({ length: 3000 }, (_, i) => `X${i.toString(36)}:${ISSUER}`);
  const numbers = texts.map((text) => intern(assets, text));
  assertEquals(new Set(numbers).size, texts.length);
  texts.forEach((text, i) => {
    assertEquals(intern(assets, text), numbers[i]);
    assertEquals(textOf(assets, numbers[i]!)[0], text);
  });
});

Deno.test("a text proves an asset only for the asset's own contract", () => {
  const { assets } = tables();
  const usdc = intern(assets, `USDC:${ISSUER}`);
  const contract = assets.facts[usdc]!.contract;
  const proven = (text: string, by: number) => {
    const bytes = new TextEncoder().encode(text);
    return assets.proven(bytes, 0, bytes.length, by);
  };
  assertEquals(proven(`USDC:${ISSUER}`, contract), usdc);
  assertEquals(proven(`EURC:${ISSUER}`, contract), NO_ASSET);
  assertEquals(proven(`USDC:${ISSUER.slice(0, -1)}A`, contract), NO_ASSET);
  assertEquals(proven(`USDC:${ISSUER}`, assets.facts[NATIVE_ASSET]!.contract), NO_ASSET);
  const native = assets.facts[NATIVE_ASSET]!.contract;
  for (const text of ["native", "NATIVE", "Native"]) {
    assertEquals(proven(text, native), NATIVE_ASSET);
  }
  for (const text of ["", "nativ", "native ", "\u{feff}native", "a".repeat(200)]) {
    assertEquals(proven(text, native), NO_ASSET, text);
  }
});

Deno.test("code bytes that no network lets through are shown escaped", () => {
  const { assets } = tables();
  const xdr = assetXdr(parseAsset(`ABCD:${ISSUER}`));
  xdr.set([0x41, 0xff, 0x0a, 0x42], 4);
  const asset = assets.intern(xdr, new DataView(xdr.buffer), 0);
  assertEquals(textOf(assets, asset), [`A\\xff\\x0aB:${ISSUER}`, "A\\xff\\x0aB"]);
});
