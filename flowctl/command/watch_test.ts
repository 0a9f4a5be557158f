import { assertEquals, assertRejects } from "@std/assert";
import type { CommandContext, CommandLine } from "./command.ts";
import { jsonAnswer, showOrWatch } from "./watch.ts";

function watching(isTerminal: boolean, ...flags: string[]) {
  const ending = new AbortController();
  const written: string[] = [];
  const context: CommandContext = {
    sink: { isTerminal, write: (text) => void written.push(text), width: () => 80 },
    env: { get: () => undefined, toObject: () => ({}) },
    signal: ending.signal,
  };
  const options = new Map(flags.map((flag) => [flag, []]));
  const line: CommandLine = { arguments: [], options, settings: new Map() };
  return { context, line, written, ending };
}

Deno.test("without --watch something is shown once", async () => {
  const { context, line, written } = watching(true);
  await showOrWatch(line, context, () => Promise.resolve("text"));
  assertEquals(written, ["text\n"]);
});

Deno.test("a watch on a terminal draws from its top, and ends with a line for the prompt", async () => {
  const { context, line, written, ending } = watching(true, "watch");
  await showOrWatch(line, context, () => {
    ending.abort();
    return Promise.resolve("text");
  });
  assertEquals(written, ["\x1b[H\x1b[Jtext\n", "\n"]);
});

Deno.test("a watch for programs answers a line each, without anything drawn", async () => {
  const { context, line, written, ending } = watching(true, "watch", "json");
  await showOrWatch(line, context, () => {
    ending.abort();
    return Promise.resolve(jsonAnswer(line, { a: [1] }));
  });
  assertEquals(written[0], '{"a":[1]}\n');
  assertEquals(jsonAnswer(watching(true, "json").line, { a: 1 }), '{\n  "a": 1\n}');
});

Deno.test("a look that fails ends a watch", async () => {
  const { context, line } = watching(false, "watch");
  await assertRejects(() => showOrWatch(line, context, () => Promise.reject(new Error("gone"))));
});

Deno.test("a look that the end cuts short is no failure", async () => {
  const { context, line, written, ending } = watching(false, "watch");
  await showOrWatch(line, context, () => {
    ending.abort();
    return Promise.reject(new Error("cut short"));
  });
  assertEquals(written, []);
});
