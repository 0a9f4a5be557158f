import { assertEquals, assertStringIncludes } from "@std/assert";
import { FakeClock } from "./fake_clock.ts";
import { createLogger, type LogFormat, type LogLevel } from "./logger.ts";

function logTo(lines: string[], format: LogFormat, level: LogLevel = "debug") {
  return createLogger({
    component: "test",
    level,
    format,
    clock: new FakeClock(Date.UTC(2025, 0, 2)),
    write: (line) => lines.push(line),
    secrets: ["hush-hush", ""],
  });
}

Deno.test("a text record has time, level, component, message, ledger and fields", () => {
  const lines: string[] = [];
  const log = logTo(lines, "text");
  log.warn("slow");
  log.atLedger(53312000);
  log.child({ file: "a b" }).info("read", { bytes: 5, gone: undefined, list: [1n] });
  assertEquals(lines, [
    "2025-01-02T00:00:00.000Z WARN  test slow",
    '2025-01-02T00:00:00.000Z INFO  test read ledger=53312000 file="a b" bytes=5 list=["1"]',
  ]);
});

Deno.test("a JSON record is one object whose own names no field replaces", () => {
  const lines: string[] = [];
  const log = logTo(lines, "json");
  log.atLedger(7);
  log.error("failed", {
    level: "none",
    error: new Error("a", { cause: new Error("b") }),
    big: 2n ** 70n,
  });
  assertEquals(JSON.parse(lines[0]!), {
    time: "2025-01-02T00:00:00.000Z",
    level: "error",
    component: "test",
    message: "failed",
    ledger: 7,
    error: "a: b",
    big: "1180591620717411303424",
  });
});

Deno.test("records below the level are not written", () => {
  const lines: string[] = [];
  const log = logTo(lines, "text", "warn");
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d");
  assertEquals(lines.length, 2);
  assertEquals([log.enabled("info"), log.enabled("error")], [false, true]);
});

Deno.test("secrets are masked in messages, fields and errors of a logger and its children", () => {
  for (const format of ["text", "json"] as const) {
    const lines: string[] = [];
    const log = logTo(lines, format);
    const child = log.child({ a: "hush-hush" });
    log.addSecret("later-one");
    child.info("the hush-hush", { b: ["later-one"], error: new Error("later-one") });
    assertEquals(/hush-hush|later-one/.test(lines[0]!), false);
    assertEquals(lines[0]!.split("***").length, 5);
  }
});

Deno.test("no input makes two records of one, and a huge record is cut", () => {
  const lines: string[] = [];
  logTo(lines, "text").info("a\nb", { c: "d\r\ne" });
  logTo(lines, "text").info("x".repeat(100_000));
  logTo(lines, "json").info("x".repeat(100_000));
  assertEquals(lines.every((line) => !/[\r\n]/.test(line)), true);
  assertStringIncludes(lines[0]!, 'a b c="d\\r\\ne"');
  assertEquals(lines.every((line) => line.length < 20_000), true);
  assertEquals(JSON.parse(lines[2]!).cut, true);
});

Deno.test("a record that nobody noted a ledger for names the one that the component says it is at", () => {
  const lines: string[] = [];
  let asked = 0;
  const log = createLogger({
    component: "test",
    level: "info",
    format: "json",
    clock: new FakeClock(),
    write: (line) => lines.push(line),
    ledger: () => {
      // What answers may write a record, too.
      if (asked++ === 0) log.info("asked");
      if (asked === 3) throw new Error("not now");
      return asked === 2 ? null : 41;
    },
  });
  for (let i = 0; i < 4; i++) log.info("read");
  log.atLedger(42);
  log.info("read");
  assertEquals(lines.map((line) => JSON.parse(line).ledger), [
    undefined,
    41,
    undefined,
    undefined,
    41,
    42,
  ]);
});

Deno.test("a record that is repeated without end is written a hundred times, then counted and told once", async () => {
  for (const format of ["text", "json"] as const) {
    const lines: string[] = [];
    const clock = new FakeClock();
    const log = createLogger({
      component: "test",
      level: "debug",
      format,
      clock,
      write: (line) => lines.push(line),
      secrets: ["hush-hush"],
    });
    for (let i = 0; i < 1_000; i++) log.child({ i }).warn("late hush-hush", { i });
    log.info("other");
    assertEquals(lines.length, 101);
    await clock.advance(60_000);
    assertEquals(lines.length, 102);
    assertStringIncludes(lines[101]!, "More of the same was left out of the log");
    assertStringIncludes(lines[101]!, "late ***");
    assertEquals(/count"?[=:]900/.test(lines[101]!), true, lines[101]);
    log.warn("late hush-hush");
    log.flush();
    assertEquals([lines.length, clock.pending], [103, 0]);
  }
});
