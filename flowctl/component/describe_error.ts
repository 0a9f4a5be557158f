/** Longest chain of causes that is told. */
const MAX_CAUSES = 5;

/** What grpc-js puts before the sentence of the other side, as in "16 UNAUTHENTICATED: …". */
const GRPC_CODE = /^\d+ [A-Z_]+: /;

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
    const said = cause.message.replace(GRPC_CODE, "");
    if (said !== "" && !text.includes(said)) text = `${text.replace(/\.$/, "")}: ${said}`;
  }
  return text;
}
