import { assertEquals, assertRejects } from "@std/assert";
import { decodeBatch } from "./batch_file.ts";
import { LakeError } from "./lake_error.ts";
import { LakeWriter } from "./lake_writer.ts";
import { testLedger } from "./_test_ledger.ts";

const options = { networkPassphrase: "Test ; 1", ledgersPerBatch: 4, batchesPerPartition: 2 };

async function namesUnder(dir: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(dir)) {
    if (!entry.isDirectory) names.push(entry.name);
    else {for await (const file of Deno.readDir(`${dir}/${entry.name}`)) {
        names.push(`${entry.name}/${file.name}`);
      }}
  }
  return names.sort();
}

Deno.test("batches are written whole under their names, with the lake's description beside them", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const writer = await LakeWriter.open(`${dir}/lake`, options);
    await writer.writeBatch(2, [2, 3].map(testLedger));
    await writer.writeBatch(4, [4, 5, 6, 7].map(testLedger));
    assertEquals(await namesUnder(`${dir}/lake`), [
      ".config.json",
      "FFFFFFFF--0-7/FFFFFFFB--4-7.xdr.zst",
      "FFFFFFFF--0-7/FFFFFFFF--0-3.xdr.zst",
    ]);
    const file = await Deno.readFile(`${dir}/lake/FFFFFFFF--0-7/FFFFFFFF--0-3.xdr.zst`);
    assertEquals(decodeBatch(file, { requireZstd: true }).startSequence, 2);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a lake is continued with the same options and refused with others", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await LakeWriter.open(dir, options);
    await LakeWriter.open(dir, options);
    for (const other of [{ networkPassphrase: "Other" }, { ledgersPerBatch: 8 }]) {
      const error = await assertRejects(
        () => LakeWriter.open(dir, { ...options, ...other }),
        LakeError,
        Object.keys(other)[0]!,
      ) as LakeError;
      assertEquals(error.code, "config");
    }
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("ledgers that do not fill exactly one batch are refused and nothing is written", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const writer = await LakeWriter.open(dir, options);
    for (const sequences of [[4, 5, 6], [5, 6, 7], [4, 5, 6, 7, 8], [4, 5, 7, 6], [0, 1, 2, 3]]) {
      await assertRejects(
        () => writer.writeBatch(sequences[0]!, sequences.map(testLedger)),
        LakeError,
      );
    }
    assertEquals((await namesUnder(dir)).filter((name) => name !== ".config.json"), []);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a half-written file of a process that is gone is removed, a recent one is left", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/.partial-old`, "x");
    await Deno.utime(`${dir}/.partial-old`, 1_000_000, 1_000_000);
    await Deno.writeTextFile(`${dir}/.partial-new`, "x");
    await LakeWriter.open(dir, options);
    assertEquals(await namesUnder(dir), [".config.json", ".partial-new"]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a folder that cannot be made is one sentence with its name", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/file`, "x");
    const error = await assertRejects(
      () => LakeWriter.open(`${dir}/file/lake`, options),
      LakeError,
      `${dir}/file/lake`,
    ) as LakeError;
    assertEquals(error.code, "io");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
