import { join } from "@std/path";

/** A commit in a table's log. */
const COMMIT = /^\d{20}\.json$/;

/**
 * Name of the newest commit of the ledger table under an OUTPUT_PATH; `undefined` when there is none.
 *
 * A sink that finds its work done ends before it can be asked. When this name is then the same as
 * before its start, it has added nothing.
 */
export async function newestCommit(
  outputPath: string,
  formats: readonly string[],
): Promise<string | undefined> {
  // Parquet tables stand in the folder itself, those of other formats in a folder of their own.
  const log = formats.includes("parquet")
    ? join(outputPath, "ledger", "_delta_log")
    : join(outputPath, formats[0] ?? "", "ledger", "_log");
  let newest: string | undefined;
  try {
    for await (const { name } of Deno.readDir(log)) {
      if (COMMIT.test(name) && (newest === undefined || name > newest)) newest = name;
    }
  } catch {
    // No table yet, or one that only the sink may read: then nothing is claimed.
  }
  return newest;
}
