import { assertEquals } from "@std/assert";
import { FakeClock } from "../component/mod.ts";
import { LOG_LINES_A_SPAN, LOG_SPAN_MS } from "./limits.ts";
import { LogLimit } from "./log_limit.ts";

function limited() {
  const clock = new FakeClock();
  const told: string[] = [];
  const limit = new LogLimit(clock, (kind, count) => told.push(`${kind} ${count}`));
  const written = (kind: string, lines: number) =>
    Array.from({ length: lines }, () => limit.allows(kind)).filter(Boolean).length;
  return { clock, told, limit, written };
}

Deno.test("lines beyond the limit are left out of the log, and their number is told at the end", async () => {
  const { clock, told, written } = limited();
  assertEquals(written("registered", LOG_LINES_A_SPAN + 7), LOG_LINES_A_SPAN);
  await clock.advance(LOG_SPAN_MS - 1);
  assertEquals([written("registered", 1), told], [0, []]);
  await clock.advance(1);
  assertEquals([told, clock.pending], [["registered 8"], 0]);
  assertEquals(written("registered", 1), 1);
});

Deno.test("many lines of one kind leave those of another in the log", () => {
  const { written } = limited();
  written("registered", 10 * LOG_LINES_A_SPAN);
  assertEquals(written("expired", 2), 2);
});

Deno.test("a stop tells what was left out, and a log that left out nothing says nothing", () => {
  const { clock, told, limit, written } = limited();
  written("gone", LOG_LINES_A_SPAN);
  limit.stop();
  assertEquals([told, clock.pending], [[], 0]);
  written("gone", LOG_LINES_A_SPAN + 1);
  limit.stop();
  limit.stop();
  assertEquals([told, clock.pending], [["gone 1"], 0]);
});
