import { makeData, RecordBatch, type Schema, Struct } from "apache-arrow";
import { ArrowError } from "./arrow_error.ts";
import type { Column } from "./column.ts";
import { sameType } from "./same_type.ts";

/**
 * Turns columns that are filled side by side into record batches of one schema.
 *
 * ```ts
 * import { BoolColumn, RecordBatchBuilder, Uint32Column } from "./mod.ts";
 * import { Bool, Field, Int, Schema } from "apache-arrow";
 *
 * const schema = new Schema([
 *   new Field("n", new Int(false, 32), false),
 *   new Field("even", new Bool(), false),
 * ]);
 * const n = new Uint32Column();
 * const even = new BoolColumn();
 * const builder = new RecordBatchBuilder(schema, [n, even]);
 * n.append(1);
 * even.append(false);
 * console.log(builder.finish().numRows); // 1
 * ```
 */
export class RecordBatchBuilder {
  readonly #struct: Struct;

  /** Throws ArrowError when the columns are not those of the schema, in its order. */
  constructor(readonly schema: Schema, readonly columns: readonly Column[]) {
    if (columns.length !== schema.fields.length) {
      throw new ArrowError(
        "SCHEMA_MISMATCH",
        `The schema has ${schema.fields.length} fields: ${columns.length} columns were given.`,
      );
    }
    for (const [i, field] of schema.fields.entries()) {
      const type = columns[i]!.type;
      if (!sameType(field.type, type)) {
        throw new ArrowError(
          "SCHEMA_MISMATCH",
          `Column "${field.name}" must be ${field.type}: it is ${type}.`,
        );
      }
    }
    this.#struct = new Struct(schema.fields);
  }

  /** Rows held: those of the first column. In the middle of a row the others may have fewer. */
  get rows(): number {
    return this.columns[0]?.length ?? 0;
  }

  /** Bytes that the held rows will take in a batch, without padding; batches are cut by it. */
  get byteLength(): number {
    let sum = 0;
    for (let i = 0; i < this.columns.length; i++) sum += this.columns[i]!.byteLength;
    return sum;
  }

  /** Drops all rows from the n-th on, half-written ones included. */
  truncate(rows: number): void {
    for (const column of this.columns) column.truncate(rows);
  }

  /**
   * The held rows as a record batch; the columns are empty afterwards. Throws ArrowError, and
   * keeps the rows, when the columns are not equally long.
   */
  finish(): RecordBatch {
    const length = this.rows;
    for (const [i, column] of this.columns.entries()) {
      if (column.length !== length) {
        throw new ArrowError(
          "COLUMN_LENGTH",
          `Column "${this.schema.fields[i]!.name}" must have ${length} values, as ` +
            `"${this.schema.fields[0]!.name}" has: it has ${column.length}.`,
        );
      }
    }
    const children = this.columns.map((column, i) => {
      const data = column.toData();
      const field = this.schema.fields[i]!;
      if (!field.nullable && data.nullCount > 0) {
        throw new ArrowError(
          "SCHEMA_MISMATCH",
          `Column "${field.name}" must have no nulls: it has ${data.nullCount}.`,
        );
      }
      // The schema's own type, so that a dictionary has the id that the schema gives it.
      return data.clone(field.type);
    });
    return new RecordBatch(
      this.schema,
      makeData({ type: this.#struct, length, nullCount: 0, children }),
    );
  }
}
