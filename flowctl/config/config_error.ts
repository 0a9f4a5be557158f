import { locateOrigin, type Origin } from "./origin.ts";

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** The variable, or the flag or file that is wrong. */
  readonly variable: string;
  /** The value as it was written, masked when it is a secret; absent when nothing was set. */
  readonly value?: string;
  /** Where the value came from. */
  readonly origin: Origin;
  /** What is allowed, as the end of "must be …" or a sentence of its own. */
  readonly rule: string;
  /** A correct setting, such as `BATCH_SIZE=100`. */
  readonly example: string;
}

/** A configuration that cannot be used; carries all its problems at once. Exit code 2. */
export class ConfigError extends Error {
  /** The class's name. */
  override readonly name = "ConfigError";
  /** Tells this error from others. */
  readonly code = "CONFIGURATION";

  /**
   * Tells all problems of one component.
   *
   * @param component whose configuration it is
   * @param problems all of them, at least one
   */
  constructor(readonly component: string, readonly problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super(
      `${component}: ${count} in the configuration\n` +
        problems.map((problem) => `  ${describeProblem(problem)}`).join("\n"),
    );
  }
}

/** A problem as one line; a value cannot break it, since it is quoted as in JSON. */
export function describeProblem(problem: ConfigProblem): string {
  const found = problem.value === undefined
    ? `${problem.variable}: ${problem.rule}`
    : `${problem.variable}: ${JSON.stringify(problem.value)} ` +
      `(${locateOrigin(problem.origin)}) ${problem.rule}`;
  return problem.example === "" ? found : `${found}; for example ${problem.example}`;
}
