import { type Data, DataType, type Field, List, makeData, Map_, Struct } from "apache-arrow";
import { FixedWidthColumn, FlagColumn, TextColumn } from "../rows/mod.ts";

/**
 * A growable column of one part of a checkpoint: values are written into it straight from the
 * actions, so that no row becomes an object of its own.
 */
export interface ActionColumn {
  /** Appends a value as it is in an action; null and undefined are null. */
  append(value: unknown): void;
  /** The values as Arrow data. */
  toData(): Data;
}

/** A column of a type that actions have. */
export function actionColumn(type: DataType): ActionColumn {
  if (DataType.isMap(type)) return new MapColumn(type);
  if (DataType.isList(type)) return new ListColumn(type);
  if (DataType.isStruct(type)) return new StructColumn(type);
  if (DataType.isBool(type)) return new FlagValues();
  return DataType.isInt(type) ? new IntegerValues(type) : new TextValues();
}

class TextValues implements ActionColumn {
  readonly #column = new TextColumn();
  append(value: unknown): void {
    if (value === null || value === undefined) this.#column.appendNull();
    else this.#column.appendText(value as string);
  }
  toData(): Data {
    return this.#column.toData();
  }
}

class IntegerValues implements ActionColumn {
  readonly #column: FixedWidthColumn;
  readonly #wide: boolean;
  constructor(type: DataType) {
    this.#wide = DataType.isInt(type) && type.bitWidth === 64;
    this.#column = new FixedWidthColumn({ widthBytes: this.#wide ? 8 : 4, arrowType: type });
  }
  append(value: unknown): void {
    if (value === null || value === undefined) this.#column.appendNull();
    else if (this.#wide) this.#column.appendInt64(BigInt(value as number));
    else {
      const at = this.#column.extend(1);
      this.#column.words[at] = value as number;
    }
  }
  toData(): Data {
    return this.#column.toData();
  }
}

class FlagValues implements ActionColumn {
  readonly #column = new FlagColumn();
  append(value: unknown): void {
    if (value === null || value === undefined) this.#column.appendNull();
    else this.#column.append(value as boolean);
  }
  toData(): Data {
    return this.#column.toData();
  }
}

/** Which values are there: a column of flags, whose bits are Arrow's validity bitmap. */
class Validity {
  length = 0;
  nullCount = 0;
  readonly #flags = new FlagColumn();
  push(present: boolean): void {
    this.#flags.append(present);
    this.length++;
    if (!present) this.nullCount++;
  }
  toBitmap(): Uint8Array | undefined {
    return this.nullCount === 0 ? undefined : this.#flags.toData().values as Uint8Array;
  }
}

class StructColumn implements ActionColumn {
  readonly #validity = new Validity();
  readonly #names: readonly string[];
  readonly #children: readonly ActionColumn[];
  constructor(private readonly type: Struct) {
    this.#names = type.children.map((field) => field.name);
    this.#children = type.children.map((field) => actionColumn(field.type));
  }
  append(value: unknown): void {
    const record = value as Record<string, unknown> | null | undefined;
    this.#validity.push(record !== null && record !== undefined);
    for (let i = 0; i < this.#names.length; i++) {
      this.#children[i]!.append(record?.[this.#names[i]!]);
    }
  }
  toData(): Data {
    return makeData({
      type: this.type,
      length: this.#validity.length,
      nullCount: this.#validity.nullCount,
      nullBitmap: this.#validity.toBitmap(),
      children: this.#children.map((child) => child.toData()),
    });
  }
}

/** Offsets of values that have several items each. */
class Offsets {
  readonly values: number[] = [0];
  readonly validity = new Validity();
  push(items: number, present: boolean): void {
    this.values.push(this.values.at(-1)! + items);
    this.validity.push(present);
  }
}

class ListColumn implements ActionColumn {
  readonly #offsets = new Offsets();
  readonly #items: ActionColumn;
  constructor(private readonly type: List) {
    this.#items = actionColumn(type.children[0]!.type);
  }
  append(value: unknown): void {
    const items = value as readonly unknown[] | null | undefined;
    for (const item of items ?? []) this.#items.append(item);
    this.#offsets.push(items?.length ?? 0, items !== null && items !== undefined);
  }
  toData(): Data {
    const { values, validity } = this.#offsets;
    return makeData({
      type: this.type,
      length: validity.length,
      nullCount: validity.nullCount,
      nullBitmap: validity.toBitmap(),
      valueOffsets: Int32Array.from(values),
      child: this.#items.toData(),
    });
  }
}

/** A map of texts, whose keys are never null. */
class MapColumn implements ActionColumn {
  readonly #offsets = new Offsets();
  readonly #keys = new TextColumn();
  readonly #values = new TextValues();
  constructor(private readonly type: Map_) {}
  append(value: unknown): void {
    const record = value as Record<string, string | null> | null | undefined;
    let items = 0;
    for (const key in record) {
      this.#keys.appendText(key);
      this.#values.append(record[key]);
      items++;
    }
    this.#offsets.push(items, record !== null && record !== undefined);
  }
  toData(): Data {
    const { values, validity } = this.#offsets;
    const entry = this.type.children[0] as Field;
    return makeData({
      type: this.type,
      length: validity.length,
      nullCount: validity.nullCount,
      nullBitmap: validity.toBitmap(),
      valueOffsets: Int32Array.from(values),
      child: makeData({
        type: entry.type as Struct,
        length: this.#keys.length,
        nullCount: 0,
        children: [this.#keys.toData(), this.#values.toData()],
      }),
    });
  }
}
