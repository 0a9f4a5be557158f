/** What grpc-js says of bytes that another protocol sent; with HTTP/2 the length of a message. */
const TOO_LARGE = /^Received message larger than max \((\d+) vs \d+\)$/;
const NOT_HTTP2 = /^Protocol error(?: \(\S+\))?$/;

/**
 * What a person needs of the text of a failed call: grpc-js names its codes and its states, and
 * says twice what was wrong when a name could not be resolved. The endpoint is told beside it.
 */
export function plainReason(message: string): string {
  const text = message
    .replace(/^Flight server \S+: /, "")
    .replace(/\.?\s*Resolution note:.*$/s, "")
    .replace(/^\d+ [A-Z_]+: /, "");
  if (NOT_HTTP2.test(text)) return "no gRPC server listens there: what answered is not HTTP/2";
  const length = TOO_LARGE.exec(text)?.[1];
  if (length !== undefined && isText(Number(length))) {
    return "no gRPC server listens there: what answered is text, as of plain HTTP";
  }
  const last = /Last error: (?:Error: )?(.*)$/s.exec(text)?.[1];
  if (last !== undefined && /ECONNREFUSED/.test(last)) return `nothing listens there (${last})`;
  return last ?? text;
}

/**
 * Whether the four bytes of a message's length are characters of a text; as a length they would be
 * half a gigabyte or more.
 */
function isText(length: number): boolean {
  const bytes = [24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff);
  return bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
}
