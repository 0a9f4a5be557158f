import { FlightError } from "../../flight/mod.ts";
import { decodePath } from "./delta/mod.ts";
import { type AddAction } from "./delta/mod.ts";
import { RowBatch, TextColumn } from "./rows/mod.ts";
import { joinPath } from "./storage/mod.ts";
import { ledgersOf, type OutputTable } from "./tables/mod.ts";
import type { ParquetWriter } from "./writers/mod.ts";

/** Files that were written together, of all partitions. */
export interface StoredGroup {
  readonly files: readonly AddAction[];
  /** First and last ledger with rows in them. */
  readonly first: number;
  readonly last: number;
}

/** Reads committed rows of a Parquet table back. */
export class StoredRows {
  constructor(readonly table: OutputTable, private readonly parquet: ParquetWriter) {}

  /**
   * Groups of committed files that have rows of ledgers [first, last], in order. Throws FlightError
   * for a table whose files another program has rewritten: they do not say which ledgers they have.
   */
  groups(first: number, last: number): StoredGroup[] {
    const groups = new Map<string, { files: AddAction[]; first: number; last: number }>();
    for (const add of this.table.log.snapshot.files.values()) {
      const span = ledgersOf(add.path);
      if (span === undefined) {
        throw new FlightError(
          "FAILED_PRECONDITION",
          `Another program has rewritten files of "${this.table.options.folder}": read the table ` +
            `with a Delta reader.`,
        );
      }
      const key = add.tags?.["group"] ?? add.path;
      const group = groups.get(key) ?? { files: [], first: Infinity, last: -Infinity };
      group.files.push(add);
      group.first = Math.min(group.first, span.first);
      group.last = Math.max(group.last, span.last);
      groups.set(key, group);
    }
    return [...groups.values()]
      .filter((group) => group.first <= last && group.last >= first)
      .sort((a, b) => a.first - b.first);
  }

  /** All rows of a group, file after file, with the columns that only the partition has. */
  async read(group: StoredGroup): Promise<RowBatch> {
    const { storage, folder, schema } = this.table.options;
    const rows = new RowBatch(schema.fields);
    const files = [...group.files].sort((a, b) => a.path < b.path ? -1 : 1);
    for (const add of files) {
      const part = new RowBatch(this.table.partitioning.fileFields);
      this.parquet.readRows(await storage.read(joinPath(folder, decodePath(add.path))), part);
      for (const [i, field] of schema.fields.entries()) {
        const at = part.fields.indexOf(field);
        if (at >= 0) rows.columns[i]!.appendRange(part.columns[at]!, 0, part.rows);
        else {fill(
            rows.columns[i] as TextColumn,
            add.partitionValues[field.name] ?? null,
            part.rows,
          );}
      }
    }
    return rows;
  }
}

function fill(column: TextColumn, value: string | null, rows: number): void {
  for (let i = 0; i < rows; i++) {
    if (value === null) column.appendNull();
    else column.appendText(value);
  }
}

/**
 * Row numbers of ledgers [first, last] in the order of ledgers, and within one of `position`.
 * Rows of several partitions are mixed; those of one file are in order already.
 */
export function orderedRows(
  rows: RowBatch,
  ledgerColumn: string,
  position: string | undefined,
  first: number,
  last: number,
): number[] {
  const ledgers = rows.fixed(ledgerColumn);
  const positions = position === undefined ? undefined : rows.fixed(position);
  const order: number[] = [];
  for (let row = 0; row < rows.rows; row++) {
    const ledger = ledgers.numberAt(row);
    if (ledger >= first && ledger <= last) order.push(row);
  }
  return order.sort((a, b) =>
    ledgers.numberAt(a) - ledgers.numberAt(b) ||
    (positions === undefined ? 0 : positions.numberAt(a) - positions.numberAt(b))
  );
}
