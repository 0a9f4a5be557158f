import type { FixedWidthColumn, RowBatch, TableField, TextColumn } from "../rows/mod.ts";

/** Values of PARTITION_BY. */
export type PartitionBy = "none" | "date" | "hour" | "asset_code" | "event_type";

/** Hive's name of the folder for null. */
const NULL_FOLDER = "__HIVE_DEFAULT_PARTITION__";

const MICROS_PER_HOUR = 3_600_000_000;
const HOURS_PER_DAY = 24;
const MILLIS_PER_HOUR = 3_600_000;

/** Characters that Hive and Spark escape in a partition's folder name, besides control ones. */
const HIVE_ESCAPED = new Set("\"#%'*/:=?\\{}[]^\x7f");

/** Says which partition a row belongs to. */
export class Partitioning {
  /** Columns of the partition, from the outer folder to the inner. */
  readonly columns: readonly TableField[];
  /** Columns of the table: those of its rows, and those that only the partition has. */
  readonly tableFields: readonly TableField[];
  /** Columns that are in the files: those of the partition are left out. */
  readonly fileFields: readonly TableField[];
  readonly #byTime: boolean;

  constructor(
    private readonly by: PartitionBy,
    /** Columns of the rows. */
    readonly rowFields: readonly TableField[],
  ) {
    const fields = rowFields;
    this.#byTime = by === "date" || by === "hour";
    const date: TableField = { name: "date", type: "date" };
    const hour: TableField = { name: "hour", type: "integer" };
    // Hubble calls the type of an event its topic.
    const names = by === "event_type" ? ["event_type", "event_topic"] : [by];
    this.columns = by === "date"
      ? [date]
      : by === "hour"
      ? [date, hour]
      : fields.filter((field) => names.includes(field.name));
    this.tableFields = this.#byTime ? [...fields, ...this.columns] : fields;
    this.fileFields = fields.filter((field) => !this.columns.includes(field));
  }

  /** Names of the columns. */
  get columnNames(): string[] {
    return this.columns.map((column) => column.name);
  }

  /** End of the run of rows from `start` on, at most to `end`, that share one partition. */
  runEnd(rows: RowBatch, start: number, end: number): number {
    if (this.columns.length === 0) return end;
    let at = start + 1;
    if (this.#byTime) {
      const hour = this.#hourOf(rows, start);
      while (at < end && this.#hourOf(rows, at) === hour) at++;
      return at;
    }
    const column = rows.text(this.columns[0]!.name);
    while (at < end && sameText(column, start, at)) at++;
    return at;
  }

  /** Values of the partition of a row, as Delta writes them: text, or null. */
  valuesOf(rows: RowBatch, row: number): Record<string, string | null> {
    if (this.columns.length === 0) return {};
    if (this.#byTime) {
      const hour = this.#hourOf(rows, row);
      const date = new Date(hour * MILLIS_PER_HOUR).toISOString().slice(0, 10);
      const hourOfDay = ((hour % HOURS_PER_DAY) + HOURS_PER_DAY) % HOURS_PER_DAY;
      return this.by === "date" ? { date } : { date, hour: String(hourOfDay) };
    }
    const { name } = this.columns[0]!;
    const column = rows.text(name);
    // Delta knows no empty text in a partition: it reads one as null.
    const text = column.textAt(row);
    return { [name]: column.isNull(row) || text === "" ? null : text };
  }

  /** Folder of a partition, relative to the table's; empty for an unpartitioned table. */
  folderOf(values: Record<string, string | null>): string {
    return this.columns
      .map(({ name }) => `${name}=${hiveEscape(values[name] ?? null)}`)
      .join("/");
  }

  /** Hours since 1970 of a row's close time. */
  #hourOf(rows: RowBatch, row: number): number {
    const column: FixedWidthColumn = rows.fixed("closed_at");
    return Math.floor(column.numberAt(row) / MICROS_PER_HOUR);
  }
}

/** A partition value as part of a folder's name. */
export function hiveEscape(value: string | null): string {
  if (value === null || value === "") return NULL_FOLDER;
  let text = "";
  for (const char of value) {
    const code = char.codePointAt(0)!;
    text += code < 0x20 || HIVE_ESCAPED.has(char)
      ? "%" + code.toString(16).toUpperCase().padStart(2, "0")
      : char;
  }
  return text;
}

/** A file's path as `add.path` has it: URL-encoded once more. */
export function encodePath(path: string): string {
  return path.split("/").map((part) => encodeURIComponent(part).replaceAll("%3D", "=")).join("/");
}

/** The file's path of an `add.path`. */
export function decodePath(path: string): string {
  return path.split("/").map(decodeURIComponent).join("/");
}

function sameText(column: TextColumn, a: number, b: number): boolean {
  const nullA = column.isNull(a);
  if (nullA || column.isNull(b)) return nullA && column.isNull(b);
  const { bytes, offsets } = column;
  const startA = offsets[a]!;
  const startB = offsets[b]!;
  const size = offsets[a + 1]! - startA;
  if (offsets[b + 1]! - startB !== size) return false;
  for (let i = 0; i < size; i++) if (bytes[startA + i] !== bytes[startB + i]) return false;
  return true;
}
