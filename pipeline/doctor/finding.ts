/** What a look at one thing has found. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly what: string;
  readonly result: "ok" | "warning" | "problem";
  /** What was found. */
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** Everything is as it should be. */
export function ok(what: string, found: string): Finding {
  return { what, result: "ok", found };
}

/** The pipeline runs, but perhaps not for long or not as meant. */
export function warning(what: string, found: string, advice: string): Finding {
  return { what, result: "warning", found, advice };
}

/** The pipeline does not run like this. */
export function problem(what: string, found: string, advice: string): Finding {
  return { what, result: "problem", found, advice };
}
