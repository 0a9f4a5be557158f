import { join } from "@std/path";
import { tableFromIPC } from "apache-arrow";
import { readParquet } from "parquet-wasm/bundler";

/** A live file of a table. */
export interface DataFile {
  readonly path: string;
  readonly rows: number;
}

/** What the log of a Delta table says, read as any reader does: commit after commit. */
export interface DeltaLog {
  readonly versions: number;
  /** Last ledger committed. */
  readonly cursor: number | undefined;
  readonly files: readonly DataFile[];
}

interface Action {
  readonly add?: { readonly path: string; readonly stats?: string };
  readonly remove?: { readonly path: string };
  readonly txn?: { readonly version: number };
}

/** Reads the log of a table; a table that is not there yet has no versions. */
export async function readDeltaLog(table: string): Promise<DeltaLog> {
  const folder = join(table, "_delta_log");
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (/^\d{20}\.json$/.test(name)) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const files = new Map<string, DataFile>();
  let cursor: number | undefined;
  for (const name of names.sort()) {
    const lines = (await Deno.readTextFile(join(folder, name))).split("\n");
    for (const line of lines.filter((text) => text !== "")) {
      const { add, remove, txn } = JSON.parse(line) as Action;
      if (remove !== undefined) files.delete(remove.path);
      if (add !== undefined) {
        const rows = Number(JSON.parse(add.stats ?? "{}").numRecords);
        files.set(add.path, { path: decodeURIComponent(add.path), rows });
      }
      if (txn !== undefined) cursor = txn.version;
    }
  }
  return { versions: names.length, cursor, files: [...files.values()] };
}

/** A row with its values as JavaScript has them. */
export type Row = Readonly<Record<string, unknown>>;

/** All rows of a table, files in the order of their names. */
export async function readRows(table: string): Promise<Row[]> {
  const { files } = await readDeltaLog(table);
  const rows: Row[] = [];
  for (const { path } of files.toSorted((a, b) => a.path < b.path ? -1 : 1)) {
    const bytes = await Deno.readFile(join(table, path));
    const arrow = tableFromIPC(readParquet(bytes).intoIPCStream());
    for (const row of arrow) rows.push(row.toJSON() as Row);
  }
  return rows;
}

/** One column of a table, files in the order of their names. */
export async function readColumn(table: string, name: string): Promise<unknown[]> {
  const { files } = await readDeltaLog(table);
  const values: unknown[] = [];
  for (const { path } of files.toSorted((a, b) => a.path < b.path ? -1 : 1)) {
    const bytes = await Deno.readFile(join(table, path));
    values.push(...tableFromIPC(readParquet(bytes).intoIPCStream()).getChild(name)!);
  }
  return values;
}

/** SHA-256 of every live data file, by its name. */
export async function fileHashes(table: string): Promise<Record<string, string>> {
  const { files } = await readDeltaLog(table);
  const hashes: Record<string, string> = {};
  for (const { path } of files) {
    const bytes = await Deno.readFile(join(table, path));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    hashes[path] = digest.toHex();
  }
  return hashes;
}
