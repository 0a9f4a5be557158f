/** A record of level INFO, in either form of the log, whose message is `Progress`. */
const TEXT_PROGRESS = /^\S+ INFO +\S+ Progress(?: |$)/;

/**
 * Whether a component's line is its periodic figures, which on a terminal only break into the
 * manager's own line of progress.
 */
export function isProgressRecord(line: string): boolean {
  if (!line.startsWith("{")) return TEXT_PROGRESS.test(line);
  try {
    const { level, message } = JSON.parse(line) as Record<string, unknown>;
    return level === "info" && message === "Progress";
  } catch {
    return false;
  }
}
