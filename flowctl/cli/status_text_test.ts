import { assertEquals } from "@std/assert";
import { pipelineMetrics } from "../metrics/mod.ts";
import type { Service } from "../service/mod.ts";
import { service } from "../service/testing/mod.ts";
import { statusText } from "./status_text.ts";

function textOf(services: Service[], reasons: string[] = [], colour = false): string[] {
  const seen = { endpoint: "h:1", protocol: "v1" as const, services, now: 60_000 };
  return statusText(seen, { status: "degraded", reasons }, pipelineMetrics(services), colour);
}

Deno.test("parts of the whole are told so that a small one does not look like none", () => {
  const loads = ["0", "0.0001", "0.012", "0.05", "0.5", "1.25"];
  const lines = textOf(loads.map((load_ratio) => service({ id: "a", metrics: { load_ratio } })));
  const told = lines.slice(3, 3 + loads.length).map((line) => line.split(/ {2,}/)[6]);
  assertEquals(told, ["0 %", "< 0.1 %", "1.2 %", "5 %", "50 %", "125 %"]);
});

Deno.test("many reasons are told in part, and the rest is counted", () => {
  const reasons = Array.from({ length: 25 }, (_, at) => `reason ${at}`);
  const lines = textOf([service({ id: "a" })], reasons);
  assertEquals([lines[1], lines[20], lines[21], lines[22]], [
    "  reason 0",
    "  reason 19",
    "  and 5 more reasons",
    "",
  ]);
});

Deno.test("a service that was never heard of, or by a clock that is ahead, has no wrong age", () => {
  const ages = [0, 55_000, 70_000].map((lastHeartbeatAt) => service({ id: "a", lastHeartbeatAt }));
  const lines = textOf(ages).slice(3, 6);
  assertEquals(lines.map((line) => line.split(/ {2,}/)[3]), ["–", "5s ago", "0s ago"]);
});

Deno.test("names and reasons cannot steer the terminal, and statuses have colours", () => {
  const lines = textOf([service({ id: "a\x1b[2J" })], ["b\x1b[2J"], true);
  assertEquals(lines[0]!.startsWith("pipeline \x1b[33mdegraded\x1b[39m, 1 service at h:1"), true);
  assertEquals(lines[1], "  b\ufffd[2J");
  assertEquals(lines[4]!.startsWith("a\ufffd[2J    unspecified  \x1b[32mhealthy"), true);
});
