import { ConfigError } from "../config/mod.ts";
import { isFinal } from "./final_error.ts";

/** The component has finished, or was stopped and drained. */
export const EXIT_OK = 0;
/** The component could not start, go on or stop in time; a restart may go better. */
export const EXIT_FAILURE = 1;
/** The configuration cannot be used. */
export const EXIT_CONFIGURATION = 2;
/** The data stops the component: a restart would end the same way. */
export const EXIT_FINAL = 4;

/** The exit code that tells of an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigError) return EXIT_CONFIGURATION;
  return isFinal(error) ? EXIT_FINAL : EXIT_FAILURE;
}
