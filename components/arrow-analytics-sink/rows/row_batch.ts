import {
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Float64,
  Int,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Timestamp,
  TimeUnit,
  Utf8,
} from "apache-arrow";
import { FixedWidthColumn } from "./fixed_width_column.ts";
import { FlagColumn } from "./flag_column.ts";
import type { RowColumn } from "./row_column.ts";
import type { FieldType, TableField } from "./table_schema.ts";
import { TextColumn } from "./text_column.ts";

/** What a text takes beside its bytes. */
const TEXT_OFFSET_BYTES = 4;

/** Rows of one table, column by column. */
export class RowBatch {
  readonly columns: readonly RowColumn[];

  constructor(readonly fields: readonly TableField[]) {
    this.columns = fields.map((field) => newColumn(field.type));
  }

  /** Rows held. */
  get rows(): number {
    return this.columns[0]?.length ?? 0;
  }

  /** The column of a name. Throws when the table has none: that is an error of this program. */
  column(name: string): RowColumn {
    const at = this.fields.findIndex((field) => field.name === name);
    if (at < 0) throw new TypeError(`The table has no column "${name}".`);
    return this.columns[at]!;
  }

  /** The text column of a name. */
  text(name: string): TextColumn {
    return this.column(name) as TextColumn;
  }

  /** The fixed-width column of a name. */
  fixed(name: string): FixedWidthColumn {
    return this.column(name) as FixedWidthColumn;
  }

  /** About how many bytes a row takes in Arrow's columns. */
  rowBytes(row: number): number {
    let bytes = 0;
    for (const column of this.columns) {
      bytes += column instanceof TextColumn
        ? column.offsets[row + 1]! - column.offsets[row]! + TEXT_OFFSET_BYTES
        : column instanceof FixedWidthColumn
        ? column.kind.widthBytes
        : 1;
    }
    return bytes;
  }

  /** Appends rows [start, end) of a batch with the same columns. */
  appendRange(from: RowBatch, start: number, end: number): void {
    for (let i = 0; i < this.columns.length; i++) {
      this.columns[i]!.appendRange(from.columns[i]!, start, end);
    }
  }

  /** Forgets all rows and keeps the memory. */
  clear(): void {
    for (const column of this.columns) column.clear();
  }

  /** The rows as an Arrow record batch over this batch's memory. */
  toArrow(): RecordBatch {
    const schema = new Schema(
      this.fields.map((field) => new Field(field.name, arrowType(field.type), true)),
    );
    return new RecordBatch(
      schema,
      makeData({
        type: new Struct(schema.fields),
        length: this.rows,
        nullCount: 0,
        children: this.columns.map((column) => column.toData()),
      }),
    );
  }
}

/** Arrow's type of a stored column; Parquet's and Delta's follow from it. */
export function arrowType(type: FieldType): DataType {
  switch (type) {
    case "string":
      return new Utf8();
    case "long":
      return new Int(true, 64);
    case "integer":
      return new Int(true, 32);
    case "double":
      return new Float64();
    case "boolean":
      return new Bool();
    case "date":
      return new DateDay();
    case "timestamp":
      return new Timestamp(TimeUnit.MICROSECOND, "UTC");
    case "decimal(38,0)":
      return new Decimal(0, 38, 128);
  }
}

function newColumn(type: FieldType): RowColumn {
  if (type === "string") return new TextColumn();
  if (type === "boolean") return new FlagColumn();
  const widthBytes = type === "decimal(38,0)" ? 16 : type === "integer" || type === "date" ? 4 : 8;
  return new FixedWidthColumn({ widthBytes, arrowType: arrowType(type) });
}
