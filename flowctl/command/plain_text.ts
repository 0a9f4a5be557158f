/**
 * Text of somebody else as it may stand on a terminal: whoever may register a service could
 * otherwise move the cursor, change colours or break lines with its names.
 */
export function plainText(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
