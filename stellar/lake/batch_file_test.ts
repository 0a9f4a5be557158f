import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { XdrError } from "../xdr/mod.ts";
import { decodeBatch, encodeBatch, ledgerSequence, MAX_BATCH_BYTES } from "./batch_file.ts";
import { LakeError } from "./lake_error.ts";
import { decompressZstd } from "./zstd_frame.ts";

const golden = new URL("../../tests/conformance/golden/", import.meta.url);
const read = (name: string): Uint8Array => Deno.readFileSync(new URL(name, golden));
const batchFile = read("batch-4000000.xdr.zstd");
const cases = [0, 1, 2, 3, 4].map((i) => read(`batch-public-${i}.xdr`));

function present(name: string): boolean {
  try {
    return Deno.statSync(new URL(name, golden)).isFile;
  } catch {
    return false;
  }
}

function refusal(file: Uint8Array, options = {}): string {
  const error = assertThrows(() => decodeBatch(file, options), LakeError) as LakeError;
  assertEquals(error.code, "batch");
  return error.message;
}

Deno.test("the corpus' batch file decodes to its five ledgers, byte for byte", () => {
  const batch = decodeBatch(batchFile, { requireZstd: true });
  assertEquals([batch.startSequence, batch.endSequence], [4_000_000, 4_000_004]);
  assertEquals(batch.ledgers.map((ledger) => ledger.slice()), cases);
  assertEquals(new Set(batch.ledgers.map((ledger) => ledger.buffer)).size, 1);
});

Deno.test("a batch that is written reads back the same, as zstd and as plain XDR", () => {
  for (const ledgers of [cases, cases.slice(0, 1)]) {
    const file = encodeBatch(4_000_000, ledgers);
    assertEquals(decodeBatch(file).ledgers.map((ledger) => ledger.slice()), ledgers);
    const plain = new Uint8Array(zstdDecompressSync(file));
    assertEquals(decodeBatch(plain).ledgers.map((ledger) => ledger.slice()), ledgers);
  }
  assertEquals(encodeBatch(4_000_000, cases), encodeBatch(4_000_000, cases));
});

Deno.test("every case of the corpus says the sequence that its header has", () => {
  const manifest = JSON.parse(new TextDecoder().decode(read("manifest.json")));
  let seen = 0;
  for (const { name, files } of manifest.cases) {
    // The manifest also names cases that are kept apart from the public corpus.
    if (!present(files.xdr)) continue;
    seen++;
    const facts = JSON.parse(new TextDecoder().decode(read(files.ledger)));
    assertEquals(ledgerSequence(read(files.xdr)), facts.sequence, name);
  }
  assertEquals(seen > 100, true);
});

Deno.test("the corpus' broken batch files are refused, each with its reason", () => {
  const strict = { requireZstd: true };
  assertStringIncludes(refusal(read("bad/batch-truncated.xdr.zstd"), strict), "cut short");
  assertStringIncludes(refusal(read("bad/batch-not-zstd.xdr.zstd"), strict), "not zstd");
  assertStringIncludes(
    refusal(read("bad/batch-count-huge.xdr.zstd"), strict),
    "4294967295 ledgers",
  );
});

Deno.test("a file cut anywhere is refused, although node:zlib would take it for whole", () => {
  for (let length = 0; length < batchFile.length; length += 7) {
    refusal(batchFile.slice(0, length), { requireZstd: true });
  }
  refusal(batchFile.slice(0, batchFile.length - 1));
});

Deno.test("bytes after the frame, and bytes after the last ledger, are refused", () => {
  const longer = new Uint8Array(batchFile.length + 3);
  longer.set(batchFile);
  assertStringIncludes(refusal(longer), "cut short");
  const much = new Uint8Array(batchFile.length + 30);
  much.set(batchFile);
  assertStringIncludes(refusal(much), `after its zstd frame, from byte ${batchFile.length}`);
  const plain = new Uint8Array(zstdDecompressSync(batchFile));
  const tail = new Uint8Array(plain.length + 4);
  tail.set(plain);
  assertStringIncludes(refusal(tail), "4 bytes after its last ledger, 4000004");
});

Deno.test("a batch written as two frames reads as one", () => {
  const plain = new Uint8Array(zstdDecompressSync(batchFile));
  const frames = [plain.subarray(0, 1000), plain.subarray(1000)].map((part) =>
    new Uint8Array(zstdCompressSync(part))
  );
  const file = new Uint8Array(frames[0]!.length + frames[1]!.length);
  file.set(frames[0]!);
  file.set(frames[1]!, frames[0]!.length);
  assertEquals(decodeBatch(file).ledgers.length, 5);
});

Deno.test("ledgers must have the sequence of their place", () => {
  const swapped = [cases[0]!, cases[2]!, cases[1]!];
  assertThrows(
    () => encodeBatch(4_000_000, swapped),
    LakeError,
    "Ledger 4000002 was given where ledger 4000001",
  );
  const plain = new Uint8Array(zstdDecompressSync(encodeBatch(4_000_000, cases)));
  new DataView(plain.buffer, plain.byteOffset).setUint32(0, 3_999_999);
  new DataView(plain.buffer, plain.byteOffset).setUint32(4, 4_000_003);
  assertStringIncludes(refusal(plain), "holds ledger 4000000 where ledger 3999999 is due");
  new DataView(plain.buffer, plain.byteOffset).setUint32(4, 4_000_009);
  assertStringIncludes(refusal(plain), "5 ledgers from 3999999 to 4000009");
  assertThrows(() => encodeBatch(1, []), LakeError, "must hold a ledger");
});

Deno.test("output is bounded, whatever the frame says of its size", () => {
  const zeros = new Uint8Array(zstdCompressSync(new Uint8Array(3_000_000)));
  assertStringIncludes(refusal(zeros, { maxBytes: 1_000_000 }), "at most 1000000 bytes");
  assertStringIncludes(refusal(batchFile, { maxBytes: 19_911 }), "19912 bytes");
  assertEquals(decodeBatch(batchFile, { maxBytes: 19_912 }).ledgers.length, 5);
});

/** A frame without its content's size, of one block that repeats a byte `count` times. */
function repeatFrame(count: number): number[] {
  const block = 1 | (1 << 1) | (count << 3);
  return [0x28, 0xb5, 0x2f, 0xfd, 0, 0, block & 255, (block >> 8) & 255, block >> 16, 65];
}

Deno.test("a frame that does not say its size takes the memory of its content, not a buffer's", () => {
  const { length, buffer } = decompressZstd(new Uint8Array(repeatFrame(3)), MAX_BATCH_BYTES);
  assertEquals(length, 3);
  assertEquals(buffer.byteLength <= 2048, true);
  // Larger than one block, and in several pieces.
  const plain = crypto.getRandomValues(new Uint8Array(60_000));
  const whole = new Uint8Array(50 * plain.length);
  for (let i = 0; i < 50; i++) whole.set(plain, i * plain.length);
  const file = new Uint8Array(zstdCompressSync(whole));
  assertEquals(decompressZstd(file, MAX_BATCH_BYTES), whole);
});

Deno.test("a file of many frames is refused", () => {
  const frames = (count: number) => new Uint8Array(Array(count).fill(repeatFrame(1)).flat());
  assertEquals(decompressZstd(frames(64), 1000).length, 64);
  assertThrows(() => decompressZstd(frames(65), 1000), LakeError, "more than 64 zstd frames");
});

Deno.test("any change of one byte is refused, or leaves what is a batch", () => {
  for (let i = 0; i < batchFile.length; i += 3) {
    const changed = batchFile.slice();
    changed[i] = changed[i]! ^ (1 << (i % 8));
    try {
      // The frame's checksum covers its content, so that only descriptors of the frame may change.
      assertEquals(decodeBatch(changed).ledgers.length, 5);
    } catch (error) {
      if (!(error instanceof LakeError)) throw error;
    }
  }
});

Deno.test("a ledger too short to have a header is an XdrError", () => {
  assertThrows(() => ledgerSequence(new Uint8Array(10)), XdrError);
  assertThrows(
    () => ledgerSequence(new Uint8Array([0, 0, 0, 3, 0, 0, 0, 0])),
    XdrError,
    "3 is not",
  );
});
