import { DataType, type Schema } from "apache-arrow";

/**
 * Whether two Arrow types hold the same values in the same layout. Unlike arrow-js' own
 * comparison it goes by meaning and not by constructor, and leaves dictionary ids out, which are
 * a matter of each stream.
 */
export function sameType(a: DataType, b: DataType): boolean {
  if (DataType.isDictionary(a) && DataType.isDictionary(b)) {
    return String(a.indices) === String(b.indices) && sameType(a.dictionary, b.dictionary);
  }
  return a.typeId === b.typeId && describe(a) === describe(b);
}

/** The first difference between two schemas' names and types in one sentence; undefined: none. */
export function schemaDifference(expected: Schema, actual: Schema): string | undefined {
  // This runs for every batch that is sent, so nothing is put into words before there is need.
  const same = expected.fields.length === actual.fields.length &&
    expected.fields.every((field, i) => field.name === actual.fields[i]!.name);
  if (!same) {
    const names = (s: Schema) => s.fields.map((f) => f.name).join(", ");
    return `the columns must be ${names(expected)}: they are ${names(actual)}`;
  }
  for (const [i, field] of expected.fields.entries()) {
    const other = actual.fields[i]!;
    if (field.type !== other.type && !sameType(field.type, other.type)) {
      return `column "${field.name}" must be ${field.type}: it is ${other.type}`;
    }
  }
  return undefined;
}

/** arrow-js prints a timestamp's or decimal's kind only in part; the rest is added here. */
function describe(type: DataType): string {
  if (DataType.isTimestamp(type)) return `${type} ${type.unit} ${type.timezone ?? ""}`;
  if (DataType.isDecimal(type)) return `${type.precision} ${type.scale} ${type.bitWidth}`;
  if (DataType.isFixedSizeBinary(type)) return `fixed ${type.byteWidth}`;
  return String(type);
}
