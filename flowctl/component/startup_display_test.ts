import { assertEquals } from "@std/assert";
import { loadConfig, parseDeclaration } from "../config/mod.ts";
import { startupFacts, startupText } from "./startup_display.ts";

Deno.test("the start-up display names everything that a person looks for", () => {
  const text = startupText({
    name: "arrow-analytics-sink",
    version: "0.1.0",
    flowctl: { enabled: false },
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

Deno.test("with flowctl on the display names its endpoint, heartbeat and pool, off it names none", async () => {
  const file = new URL("../../components/ttp-arrow-processor/component.yaml", import.meta.url);
  const declaration = parseDeclaration(await Deno.readTextFile(file));
  const facts = (variables: Record<string, string>) => {
    const config = loadConfig({ declaration, env: { get: (name) => variables[name] } });
    return startupFacts(declaration, config, { ports: { flight: 1 } });
  };
  const on = facts({
    ENABLE_FLOWCTL: "true",
    FLOWCTL_ENDPOINT: "plane.example:9000",
    FLOWCTL_HEARTBEAT_INTERVAL: "1m",
    CONNECTION_POOL_MAX_CONNECTIONS: "20",
  });
  assertEquals(on.flowctl, {
    enabled: true,
    endpoint: "plane.example:9000",
    heartbeat: "1m",
    pool: { min: 2, max: 20 },
  });
  assertEquals(
    startupText(on).split("\n")[1],
    "  flowctl  on, plane.example:9000, heartbeat 1m, pool 2–20",
  );
  assertEquals(facts({ FLOWCTL_ENDPOINT: "plane.example:9000" }).flowctl, { enabled: false });
});
