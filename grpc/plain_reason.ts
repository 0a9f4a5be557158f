/**
 * What a person needs of the text of a failed call: grpc-js names its codes and its states, and
 * says twice what was wrong when a name could not be resolved. The endpoint is told beside it.
 */
export function plainReason(message: string): string {
  const text = message
    .replace(/^Flight server \S+: /, "")
    .replace(/\.?\s*Resolution note:.*$/s, "")
    .replace(/^\d+ [A-Z_]+: /, "");
  const last = /Last error: (?:Error: )?(.*)$/s.exec(text)?.[1];
  if (last !== undefined && /ECONNREFUSED/.test(last)) return `nothing listens there (${last})`;
  return last ?? text;
}
