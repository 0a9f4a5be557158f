import { assertEquals } from "@std/assert";
import { createLogger, FakeClock, type LogFormat } from "../../flowctl/mod.ts";
import { isProgressRecord } from "./log_filter.ts";

function records(format: LogFormat): string[] {
  const lines: string[] = [];
  const log = createLogger({
    component: "ttp-arrow-processor",
    level: "info",
    format,
    clock: new FakeClock(),
    write: (line) => lines.push(line),
  });
  log.info("Progress", { last_ledger: 5 });
  log.warn("Progress", { last_ledger: 5 });
  log.info("Progress is slow");
  log.info("SIGTERM: stopping");
  return lines;
}

Deno.test("the periodic figures are told from all other records, in both forms of the log", () => {
  for (const format of ["text", "json"] as const) {
    const [first, , third, last] = records(format).map(isProgressRecord);
    assertEquals([first, last], [true, false], format);
    if (format === "json") assertEquals(third, false);
    assertEquals(isProgressRecord(records(format)[1]!), false);
  }
  assertEquals(isProgressRecord("{ no record"), false);
});
