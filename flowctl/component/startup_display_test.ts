import { assertEquals } from "@std/assert";
import { startupText } from "./startup_display.ts";

Deno.test("the start-up display names everything that a person looks for", () => {
  const text = startupText({
    name: "arrow-analytics-sink",
    version: "0.1.0",
    flowctl: "off",
    address: "127.0.0.1",
    ports: { flight: 8817, health: 8090 },
    upstream: "127.0.0.1:8816",
    outputs: ["./data/out (parquet)"],
    network: "Test",
  });
  assertEquals(
    text,
    `arrow-analytics-sink 0.1.0
  flowctl   off
  flight    127.0.0.1:8817
  health    http://127.0.0.1:8090
  upstream  127.0.0.1:8816
  output    ./data/out (parquet)
  network   Test`,
  );
});
