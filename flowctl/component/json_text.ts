/** JSON of a value; a bigint, which JSON has no form for, is written as text. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, part) => typeof part === "bigint" ? part.toString() : part);
}
