/**
 * What an upstream that answers says against a call, with the variable to correct where it is the
 * token that it refuses.
 */
export function upstreamRefusal({ code, message }: { code: string; message: string }): string {
  const told = `(${code}): ${message}`;
  return code === "UNAUTHENTICATED"
    ? `${told} AUTH_TOKEN_FILE must hold the same token here as there.`
    : told;
}
