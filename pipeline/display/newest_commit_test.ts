import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { newestCommit } from "./newest_commit.ts";

Deno.test("the newest commit is that of the ledger table's log, and unknown without one", async () => {
  const folder = await Deno.makeTempDir();
  assertEquals(await newestCommit(folder, ["parquet"]), undefined);
  for (const [at, path] of ["ledger/_delta_log", "csv/ledger/_log"].entries()) {
    const log = join(folder, path);
    await Deno.mkdir(log, { recursive: true });
    for (const version of [0, at + 1]) {
      await Deno.writeTextFile(join(log, `${String(version).padStart(20, "0")}.json`), "");
    }
    await Deno.writeTextFile(join(log, "_last_checkpoint"), "");
  }
  assertEquals(await newestCommit(folder, ["csv", "parquet"]), "00000000000000000001.json");
  assertEquals(await newestCommit(folder, ["csv"]), "00000000000000000002.json");
  await Deno.remove(folder, { recursive: true });
});
