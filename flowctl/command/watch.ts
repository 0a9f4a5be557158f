import { delay } from "@std/async/delay";
import { type CommandContext, type CommandLine, type CommandOption, has, say } from "./command.ts";

/** Time between two looks of `--watch`. */
const WATCH_EVERY_MS = 1_000;

/** To the first place of the screen, and everything from there on erased. */
const CLEAR_SCREEN = "\x1b[H\x1b[J";

/** Shows again and again what a command shows once. */
export const WATCH_OPTION: CommandOption = {
  flag: "watch",
  help: "show it again every second, until Ctrl-C",
};

/**
 * Shows something once, or with `--watch` every second until the command is asked to end: anew from
 * the top of a terminal, else below what was shown before.
 *
 * @param show what is to be shown; a look that fails ends the command
 */
export async function showOrWatch(
  line: CommandLine,
  context: CommandContext,
  show: () => Promise<string>,
): Promise<void> {
  if (!has(line, "watch")) {
    say(context, await show());
    return;
  }
  const isDrawn = context.sink.isTerminal && !has(line, "json");
  while (!context.signal.aborted) {
    const text = await show().catch((error) => {
      if (!context.signal.aborted) throw error;
    });
    // The end has cut the look short: there is nothing more to show.
    if (text === undefined) break;
    say(context, isDrawn ? `${CLEAR_SCREEN}${text}` : text);
    await delay(WATCH_EVERY_MS, { signal: context.signal }).catch(() => {});
  }
  endWatching(context);
}

/** An answer in JSON: spread over lines, or while watching a line each, for programs that read lines. */
export function jsonAnswer(line: CommandLine, value: unknown): string {
  return JSON.stringify(value, null, has(line, "watch") ? undefined : 2);
}

/** Ends what was watched: a terminal has written `^C` at the cursor, and the prompt needs a line. */
export function endWatching({ sink }: CommandContext): void {
  if (sink.isTerminal) sink.write("\n");
}
