import { assertEquals } from "@std/assert";
import { decodeBatch, encodeBatch } from "./batch_file.ts";
import { parseBatchName, parsePartitionName } from "./batch_layout.ts";
import { parseLakeConfig } from "./lake_config.ts";
import { LakeError } from "./lake_error.ts";
import { testLedger } from "./_test_ledger.ts";

/** Inputs of each kind; a fixed seed makes a failure repeatable. */
const INPUTS = 100_000;

/** Numbers below 2^32 from a seed (xorshift32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Changes, cuts, repeats or adds a few bytes. */
function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  let changed = bytes.slice();
  for (let i = random() % 3; i >= 0; i--) {
    const at = changed.length === 0 ? 0 : random() % changed.length;
    switch (random() % 4) {
      case 0:
        changed[at] = random();
        break;
      case 1:
        changed = changed.slice(0, at);
        break;
      case 2:
        changed = new Uint8Array([...changed.slice(0, at), random() & 255, ...changed.slice(at)]);
        break;
      default:
        changed.copyWithin(random() % (changed.length + 1), at);
    }
  }
  return changed;
}

Deno.test("any bytes are a batch of ledgers or a LakeError, never a crash, a hang or a flood", () => {
  const random = randomNumbers(1);
  const files = [
    encodeBatch(5, [testLedger(5)]),
    encodeBatch(8, [testLedger(8), testLedger(9), testLedger(10)]),
  ];
  let refused = 0;
  for (let i = 0; i < INPUTS; i++) {
    try {
      const batch = decodeBatch(mutate(files[i % 2]!, random), { maxBytes: 100_000 });
      assertEquals(batch.ledgers.length, batch.endSequence - batch.startSequence + 1);
    } catch (error) {
      if (!(error instanceof LakeError) || error.code !== "batch") throw error;
      refused++;
    }
  }
  assertEquals(refused > INPUTS / 2, true);
});

Deno.test("any plain bytes are a batch of ledgers or a LakeError", () => {
  const random = randomNumbers(2);
  const header = new Uint8Array([0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0, 2]);
  const plain = new Uint8Array([...header, ...testLedger(8), ...testLedger(9)]);
  assertEquals(decodeBatch(plain).ledgers.length, 2);
  let refused = 0;
  for (let i = 0; i < INPUTS; i++) {
    try {
      decodeBatch(mutate(plain, random));
    } catch (error) {
      if (!(error instanceof LakeError) || error.code !== "batch") throw error;
      refused++;
    }
  }
  assertEquals(refused > INPUTS / 4, true);
});

Deno.test("any text is a name of a batch or partition, or none", () => {
  const random = randomNumbers(3);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const names = ["FCD285FF--53312000.xdr.zst", "FFFFFFBF--64-127.xdr.zstd", "FFFFFFFF--0-63999"];
  for (let i = 0; i < INPUTS; i++) {
    const name = decoder.decode(mutate(encoder.encode(names[i % 3]!), random));
    const range = parseBatchName(name) ?? parsePartitionName(name);
    if (range !== undefined) assertEquals(range.startSequence <= range.endSequence, true, name);
  }
});

Deno.test("any text is a description of a lake or a LakeError", () => {
  const random = randomNumbers(4);
  const text = new TextEncoder().encode(
    '{"networkPassphrase":"x","version":"1.0","compression":"zstd","ledgersPerBatch":1,' +
      '"batchesPerPartition":64000}',
  );
  const decoder = new TextDecoder();
  for (let i = 0; i < INPUTS; i++) {
    try {
      parseLakeConfig(decoder.decode(mutate(text, random)), "x");
    } catch (error) {
      if (!(error instanceof LakeError) || error.code !== "config") throw error;
    }
  }
});
