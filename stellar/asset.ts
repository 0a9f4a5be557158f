import { decodeStrkey, StrkeyError, StrkeyVersion } from "./strkey.ts";

/** A classic asset: lumens, or a code that an account issues. */
export type Asset =
  | { readonly type: "native" }
  | { readonly type: "issued"; readonly code: string; readonly issuer: string };

/** A text does not name an asset. */
export class AssetError extends Error {
  override readonly name = "AssetError";

  constructor(readonly code: "form" | "code" | "issuer", message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** XDR discriminants of Asset. */
const ASSET_TYPE_NATIVE = 0;
const ASSET_TYPE_CREDIT_ALPHANUM4 = 1;
const ASSET_TYPE_CREDIT_ALPHANUM12 = 2;

const ASSET_CODE = /^[a-zA-Z0-9]{1,12}$/;

/**
 * Reads SEP-11 text: `native` or `CODE:ISSUER`, the code 1 to 12 letters and digits, the issuer
 * a G… address. Throws AssetError that names the text and what would be right.
 *
 * @example
 * ```ts
 * import { parseAsset } from "./asset.ts";
 *
 * console.assert(parseAsset("native").type === "native");
 * ```
 */
export function parseAsset(text: string): Asset {
  if (text === "native") return { type: "native" };
  const colon = text.indexOf(":");
  if (colon < 0) {
    throw new AssetError("form", `"${text}" is no asset: write native or CODE:ISSUER.`);
  }
  const code = text.slice(0, colon);
  const issuer = text.slice(colon + 1);
  if (!ASSET_CODE.test(code)) {
    throw new AssetError(
      "code",
      `The asset "${text}" has the code "${code}": a code is 1 to 12 letters and digits.`,
    );
  }
  issuerKey(text, issuer);
  return { type: "issued", code, issuer };
}

/** SEP-11 text of an asset: `native` or `CODE:ISSUER`. */
export function formatAsset(asset: Asset): string {
  return asset.type === "native" ? "native" : `${asset.code}:${asset.issuer}`;
}

/**
 * The XDR of an asset, as hashes over it want it: 4, 44 or 52 bytes.
 * Throws AssetError when the code or the issuer is not one.
 */
export function assetXdr(asset: Asset): Uint8Array {
  if (asset.type === "native") return xdrInts(ASSET_TYPE_NATIVE, 4);
  const text = formatAsset(asset);
  if (!ASSET_CODE.test(asset.code)) parseAsset(text);
  const codeBytes = asset.code.length <= 4 ? 4 : 12;
  const xdr = xdrInts(
    codeBytes === 4 ? ASSET_TYPE_CREDIT_ALPHANUM4 : ASSET_TYPE_CREDIT_ALPHANUM12,
    // Discriminant, code filled with zeros, and the issuer's key type (ed25519 is 0) and key.
    4 + codeBytes + 4 + 32,
  );
  new TextEncoder().encodeInto(asset.code, xdr.subarray(4));
  xdr.set(issuerKey(text, asset.issuer), 4 + codeBytes + 4);
  return xdr;
}

function issuerKey(text: string, issuer: string): Uint8Array {
  let decoded: { version: number; payload: Uint8Array };
  try {
    decoded = decodeStrkey(issuer);
  } catch (error) {
    if (!(error instanceof StrkeyError)) throw error;
    throw new AssetError("issuer", `The asset "${text}" has no valid issuer: ${error.message}`, {
      cause: error,
    });
  }
  if (decoded.version !== StrkeyVersion.account) {
    throw new AssetError(
      "issuer",
      `The asset "${text}" has the issuer "${issuer}": an issuer is an account, G….`,
    );
  }
  return decoded.payload;
}

function xdrInts(first: number, length: number): Uint8Array {
  const xdr = new Uint8Array(length);
  xdr[3] = first;
  return xdr;
}
