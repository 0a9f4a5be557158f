import { assertEquals, assertThrows } from "@std/assert";
import { formatLakeConfig, parseLakeConfig } from "./lake_config.ts";
import { LakeError } from "./lake_error.ts";

const GOOD = {
  networkPassphrase: "Test SDF Network ; September 2015",
  ledgersPerBatch: 1,
  batchesPerPartition: 64000,
};

Deno.test("a description that is written reads back the same, and unknown fields do no harm", () => {
  assertEquals(parseLakeConfig(formatLakeConfig(GOOD), "x"), GOOD);
  assertEquals(
    parseLakeConfig(JSON.stringify({ ...GOOD, version: "1.0", compression: "zstd", x: 1 }), "x"),
    GOOD,
  );
});

Deno.test("a wrong description is refused with file, field and rule", () => {
  for (
    const [change, said] of [
      [{ networkPassphrase: "" }, 'networkPassphrase is ""'],
      [{ networkPassphrase: undefined }, "networkPassphrase is missing"],
      [{ ledgersPerBatch: 0 }, "ledgersPerBatch is 0"],
      [{ ledgersPerBatch: 1.5 }, "ledgersPerBatch is 1.5"],
      [{ batchesPerPartition: "64000" }, 'batchesPerPartition is "64000"'],
      [{ batchesPerPartition: 1e9 }, "batchesPerPartition is 1000000000"],
      [{ compression: "gzip" }, 'compression is "gzip"'],
      [{ version: "2.0" }, 'version is "2.0"'],
    ] as const
  ) {
    const text = JSON.stringify({ ...GOOD, ...change });
    assertThrows(() => parseLakeConfig(text, "lake/.config.json"), LakeError, said);
    assertThrows(() => parseLakeConfig(text, "lake/.config.json"), LakeError, "lake/.config.json");
  }
  assertThrows(() => parseLakeConfig("{", "x"), LakeError, "x is not JSON");
  assertThrows(() => parseLakeConfig("[]", "x"), LakeError, "JSON object");
});
