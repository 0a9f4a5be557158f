/** What is shown in place of a secret. */
export const MASK = "***";

/** The text with every known secret in it replaced by the mask. */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  let masked = text;
  for (const secret of secrets) masked = masked.replaceAll(secret, MASK);
  return masked;
}
