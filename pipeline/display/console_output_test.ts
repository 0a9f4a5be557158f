import { assertEquals } from "@std/assert";
import { red } from "@std/fmt/colors";
import { ConsoleOutput } from "./console_output.ts";

function recorder(isTerminal: boolean) {
  const written: string[] = [];
  return { written, isTerminal, write: (text: string) => void written.push(text), width: () => 20 };
}

Deno.test("lines carry their component's name, without colours where there is no terminal", () => {
  const sink = recorder(false);
  const output = new ConsoleOutput(sink, ["source", "sink"], { noColor: false });
  output.line("sink", "\x1b[31mtext\x1b[39m");
  output.bottom("never shown");
  assertEquals(sink.written, ["sink     │ text\n"]);
});

Deno.test("on a terminal what stands at the cursor is erased, and the bottom line drawn again under each line", () => {
  const sink = recorder(true);
  const output = new ConsoleOutput(sink, ["sink"], { noColor: true });
  output.bottom("half way");
  output.line("sink", "text");
  output.bottom("");
  assertEquals(sink.written, [
    "\r\x1b[Khalf way",
    "\r\x1b[Ksink     │ text\nhalf way",
    "\r\x1b[K",
  ]);
});

Deno.test("NO_COLOR takes the colours of the components' own lines too", () => {
  const sink = recorder(true);
  new ConsoleOutput(sink, ["sink"], { noColor: true }).line("sink", red("text"));
  assertEquals(sink.written, ["\r\x1b[Ksink     │ text\n"]);
});

Deno.test("a bottom line wider than the terminal is cut, since a wrapped one cannot be erased", () => {
  const sink = recorder(true);
  new ConsoleOutput(sink, [], { noColor: true }).bottom("x".repeat(50));
  assertEquals(sink.written, ["\r\x1b[K" + "x".repeat(19)]);
});
