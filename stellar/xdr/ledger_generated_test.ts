import { assert, assertEquals, assertThrows } from "@std/assert";
import { xdr } from "@stellar/stellar-sdk";
import { LedgerIndex } from "../ledger/mod.ts";
import { skipLedgerCloseMeta, skipScVal, XdrError, XdrReader } from "./mod.ts";

const golden = new URL("../../tests/conformance/golden/", import.meta.url);
const manifest = JSON.parse(await Deno.readTextFile(new URL("manifest.json", golden))) as {
  cases: { name: string; files: { xdr: string } }[];
  bad: { name: string; file: string }[];
};

async function cases(): Promise<{ name: string; bytes: Uint8Array }[]> {
  const found = [];
  for (const { name, files } of manifest.cases) {
    if (name.startsWith("real-")) continue; // not copied into this repository
    found.push({ name, bytes: await Deno.readFile(new URL(files.xdr, golden)) });
  }
  return found;
}

/** Whether the bytes are exactly one LedgerCloseMeta for this project's reader. */
function accepts(reader: XdrReader, bytes: Uint8Array): boolean {
  try {
    return skipLedgerCloseMeta(reader.open(bytes), 0) === bytes.length;
  } catch (error) {
    if (error instanceof XdrError) return false;
    throw error;
  }
}

/** The same question to the reader that the pipeline uses, which walks the outer types by hand. */
function indexAccepts(index: LedgerIndex, bytes: Uint8Array): boolean {
  return xdrErrorOf(() => index.read(bytes)) === undefined;
}

/** The same question to the SDK's decoder; it must also write back the same bytes. */
function sdkAccepts(bytes: Uint8Array): boolean {
  try {
    const value = xdr.LedgerCloseMeta.fromXDR(bytes as never);
    const back = value.toXDR() as Uint8Array;
    return back.length === bytes.length && back.every((b, i) => b === bytes[i]);
  } catch {
    return false;
  }
}

function xdrErrorOf(read: () => unknown): XdrError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof XdrError) return error;
    throw error;
  }
}

Deno.test("every ledger of the corpus is read to its last byte, as the SDK reads it", async () => {
  const reader = new XdrReader();
  const all = await cases();
  assert(all.length >= 160);
  for (const { name, bytes } of all) {
    assertEquals(skipLedgerCloseMeta(reader.open(bytes), 0), bytes.length, name);
    assert(sdkAccepts(bytes), `the SDK does not read ${name}`);
  }
});

Deno.test("every broken ledger of the corpus is refused, with type path and offset", async () => {
  const reader = new XdrReader();
  for (const { name, file } of manifest.bad) {
    if (!file.endsWith(".xdr")) continue;
    const bytes = await Deno.readFile(new URL(file, golden));
    assert(!accepts(reader, bytes), `${name} was accepted`);
    assert(!sdkAccepts(bytes), `the SDK reads ${name}`);
    const error = xdrErrorOf(() => skipLedgerCloseMeta(reader.open(bytes), 0));
    if (error === undefined) continue; // a whole ledger, but bytes are left after it
    assertEquals(error.path[0], "LedgerCloseMeta", name);
    assert(error.message.includes(`byte ${error.offset}: `), error.message);
  }
});

Deno.test("random mutations are accepted exactly when the SDK's own decoder accepts them", async () => {
  const reader = new XdrReader();
  const index = new LedgerIndex();
  let state = 0x9e3779b9;
  const random = (limit: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  // Mostly small ones, for the SDK's sake, which takes 15 ms for a large one.
  const all = await cases();
  const small = all.filter(({ bytes }) => bytes.length < 6000);
  let refused = 0;
  for (let round = 0; round < 1500; round++) {
    const from = random(20) === 0 ? all : small;
    const { name, bytes } = from[random(from.length)]!;
    const mutated = bytes.slice(0, random(8) === 0 ? random(bytes.length) & ~3 : bytes.length);
    if (mutated.length === 0) continue;
    for (let flips = 1 + random(2); flips > 0; flips--) {
      const at = random(mutated.length);
      mutated[at] = random(2) === 0 ? random(256) : random(3);
    }
    const ours = accepts(reader, mutated);
    if (!ours) refused++;
    assertEquals(ours, sdkAccepts(mutated), `${name}, round ${round}`);
    assertEquals(indexAccepts(index, mutated), ours, `the index on ${name}, round ${round}`);
  }
  assert(refused > 100, "the mutations hardly ever broke anything");
});

Deno.test("nesting deeper than the limit is refused before the stack ends", () => {
  // An ScVal vector in a vector in a vector …: SCV_VEC = 16, present, one element.
  const levels = 100_000;
  const words = new DataView(new ArrayBuffer(levels * 12));
  for (let i = 0; i < levels; i++) {
    words.setInt32(i * 12, 16);
    words.setInt32(i * 12 + 4, 1);
    words.setInt32(i * 12 + 8, 1);
  }
  const reader = new XdrReader().open(new Uint8Array(words.buffer));
  const error = assertThrows(() => skipScVal(reader, 0), XdrError);
  assert((error as XdrError).reason.includes("nested deeper"));
});

Deno.test("nothing past the given end is read", () => {
  const bytes = new Uint8Array(64);
  const reader = new XdrReader().open(bytes, 3);
  assertThrows(() => skipLedgerCloseMeta(reader, 0), XdrError, "4 bytes due, 3 left");
});
