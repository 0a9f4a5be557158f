import { assertEquals, assertThrows } from "@std/assert";
import { StrKey } from "@stellar/stellar-sdk";
import {
  decodeStrkey,
  encodeStrkey,
  encodeStrkeyInto,
  MAX_STRKEY_LENGTH,
  StrkeyError,
  StrkeyVersion,
} from "./strkey.ts";

function payload(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = Math.imul(seed * 31 + i + 1, 2654435761) >>> 24;
  return bytes;
}

const KINDS: readonly [string, number, number, (bytes: Uint8Array) => string][] = [
  ["G", StrkeyVersion.account, 32, (b) => StrKey.encodeEd25519PublicKey(b)],
  ["M", StrkeyVersion.muxedAccount, 40, (b) => StrKey.encodeMed25519PublicKey(b)],
  ["C", StrkeyVersion.contract, 32, (b) => StrKey.encodeContract(b)],
  ["B", StrkeyVersion.claimableBalance, 33, (b) => StrKey.encodeClaimableBalance(b)],
  ["L", StrkeyVersion.liquidityPool, 32, (b) => StrKey.encodeLiquidityPool(b)],
];

Deno.test("every kind is written as the Stellar SDK writes it, and reads back to the same bytes", () => {
  for (const [letter, version, length, reference] of KINDS) {
    for (let seed = 0; seed < 50; seed++) {
      const bytes = payload(length, seed);
      if (letter === "B") bytes[0] = 0;
      const text = encodeStrkey(version, bytes);
      assertEquals(text, reference(bytes));
      assertEquals(text[0], letter);
      assertEquals(decodeStrkey(text), { version, payload: bytes });
    }
  }
});

Deno.test("writing into a buffer touches only its own bytes and says how many", () => {
  const out = new Uint8Array(MAX_STRKEY_LENGTH + 10).fill(1);
  const bytes = payload(100, 5);
  const written = encodeStrkeyInto(StrkeyVersion.muxedAccount, bytes, 10, 50, out, 4);
  assertEquals(written, MAX_STRKEY_LENGTH);
  assertEquals(
    new TextDecoder().decode(out.subarray(4, 4 + written)),
    encodeStrkey(StrkeyVersion.muxedAccount, bytes.slice(10, 50)),
  );
  assertEquals([...out.slice(0, 4), ...out.slice(4 + written)], Array(10).fill(1));
});

Deno.test("a text with one wrong character is refused, whichever it is", () => {
  for (const [letter, version, length] of KINDS) {
    const bytes = payload(length, 9);
    if (letter === "B") bytes[0] = 0;
    const text = encodeStrkey(version, bytes);
    for (let i = 0; i < text.length; i++) {
      const wrong = text.slice(0, i) + (text[i] === "A" ? "B" : "A") + text.slice(i + 1);
      assertThrows(() => decodeStrkey(wrong), StrkeyError);
    }
  }
});

Deno.test("each way of being wrong has its code", () => {
  const good = encodeStrkey(StrkeyVersion.account, payload(32, 1));
  const code = (text: string): string => {
    try {
      decodeStrkey(text);
    } catch (error) {
      if (error instanceof StrkeyError) return error.code;
      throw error;
    }
    return "read";
  };
  assertEquals(code(good), "read");
  assertEquals(code(""), "length");
  assertEquals(code(good.slice(0, 55)), "length");
  assertEquals(code("A".repeat(1000)), "length");
  assertEquals(code(good.toLowerCase()), "alphabet");
  assertEquals(code(good.slice(0, 55) + "="), "alphabet");
  assertEquals(code(good.slice(0, 55) + "é"), "alphabet");
  // A secret key is a strkey, but none that a ledger holds.
  assertEquals(code(StrKey.encodeEd25519SecretSeed(payload(32, 2))), "version");
  assertEquals(
    code(encodeStrkey(StrkeyVersion.claimableBalance, payload(33, 2).fill(1, 0, 1))),
    "version",
  );
  const muxed = encodeStrkey(StrkeyVersion.muxedAccount, payload(40, 2));
  const last = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(muxed[68]!);
  assertEquals(
    code(muxed.slice(0, 68) + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[last ^ 1]),
    "padding",
  );
  assertThrows(
    () => encodeStrkey(StrkeyVersion.contract, new Uint8Array(31)),
    StrkeyError,
    "has 31 bytes",
  );
  assertThrows(() => encodeStrkey(7, new Uint8Array(32)), StrkeyError, "version byte 7");
});
