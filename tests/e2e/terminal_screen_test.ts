import { assertEquals } from "@std/assert";
import { TerminalScreen } from "./terminal_screen.ts";

function screen(...written: string[]): TerminalScreen {
  const screen = new TerminalScreen(10, 3);
  for (const text of written) screen.write(text);
  return screen;
}

Deno.test("the screen shows what a terminal would, and tells what it does not know", () => {
  const cases: [string[], string[]][] = [
    [["one\r\ntwo"], ["one", "two"]],
    [["one\rtw"], ["twe"]],
    [["bottom\r\x1b[Kline\r\nbottom"], ["line", "bottom"]],
    // A line that wraps and is erased leaves its first row behind.
    [["0123456789abc\r\x1b[Kline"], ["0123456789line"]],
    [["a\r\nb\r\nc\r\nd\x1b[H\x1b[Jx"], ["a", "x"]],
    [["\x1b", "[3", "1mred\x1b[39m"], ["red"]],
    [["0123456789", "abc\r\nd"], ["0123456789abc", "d"]],
  ];
  for (const [written, expected] of cases) {
    const { lines, unknown, isPainted } = screen(...written);
    assertEquals({ lines, unknown, isPainted }, { lines: expected, unknown: [], isPainted: false });
  }
  assertEquals(screen("\x1b[?25l\x07").unknown, ["\x1b[?25l", "\x07"]);
  assertEquals(screen("\x1b[31mred").isPainted, true);
});
