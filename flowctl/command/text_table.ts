import { bold } from "@std/fmt/colors";

/** What stands where nothing is known. */
export const NOTHING = "–";

/** A figure as text, or what stands where it is not known. */
export function told(value: number | null | undefined, text: (value: number) => string): string {
  return value === undefined || value === null ? NOTHING : text(value);
}

/** A column of a table. */
export interface TextColumn {
  /** What stands above it. */
  readonly head: string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
  /** Colours a cell, which is padded. */
  readonly paint?: (cell: string) => string;
}

/** Rows as lines under a heading, each column as wide as it must be. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  colour: boolean,
): string[] {
  const widths = columns.map(({ head }, at) =>
    rows.reduce((width, row) => Math.max(width, row[at]!.length), head.length)
  );
  const line = (row: readonly string[], paint: (cell: string, column: TextColumn) => string) =>
    row.map((text, at) => {
      const column = columns[at]!;
      const cell = column.isNumber ? text.padStart(widths[at]!) : text.padEnd(widths[at]!);
      // Nothing is painted at the end of a line, where a shorter cell needs no spaces.
      const shown = at === row.length - 1 ? cell.trimEnd() : cell;
      return colour ? paint(shown, column) : shown;
    }).join("  ").trimEnd();
  return [
    line(columns.map(({ head }) => head), (cell) => bold(cell)),
    ...rows.map((row) => line(row, (cell, { paint }) => paint?.(cell) ?? cell)),
  ];
}
