/** Longest chain of causes that is told. */
const MAX_CAUSES = 5;

/** An error as one sentence, with its causes unless the sentence says them already. */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return [error.message, ...error.errors.map(describeError)].filter((part) => part !== "").join(
      ": ",
    );
  }
  if (!(error instanceof Error)) return String(error);
  let text = error.message === "" ? error.name : error.message;
  let cause = error.cause;
  for (let depth = 0; cause instanceof Error && depth < MAX_CAUSES; depth++, cause = cause.cause) {
    if (cause.message !== "" && !text.includes(cause.message)) text += `: ${cause.message}`;
  }
  return text;
}
