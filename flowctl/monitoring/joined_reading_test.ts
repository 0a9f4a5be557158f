import { assertEquals } from "@std/assert";
import { sink, source } from "../service/testing/mod.ts";
import { monitored } from "./_test_pipeline.ts";
import { joinedReading } from "./joined_reading.ts";
import type { MonitoredService } from "./monitored_service.ts";

const at = (port: number) => ({ metadata: { health_endpoint: `http://127.0.0.1:${port}/health` } });

const reading = (...services: MonitoredService[]) => ({ services, problems: [] });

Deno.test("a service that both know is told as it answers itself, with its heartbeat's age", () => {
  const own = monitored({ ...source, ...at(1), lastHeartbeatAt: 0 }, { load_ratio: 0.9 });
  const listed = monitored({ ...source, ...at(1), id: "given-1", expired: true }, {
    load_ratio: 0.1,
  });
  const { services } = joinedReading(reading(own), reading(listed));
  assertEquals(
    services.map(({ id, expired, lastHeartbeatAgeMs, figures: { loadRatio } }) => [
      id,
      expired,
      lastHeartbeatAgeMs,
      loadRatio,
    ]),
    [["source", true, 1_000, 0.9]],
  );
});

Deno.test("services that only one of them knows are all there, and ids stay different", () => {
  const own = reading(monitored({ ...source, ...at(1) }), monitored(sink));
  const listed = reading(monitored({ ...source, ...at(2) }), monitored({ ...sink, id: "other" }));
  const { services } = joinedReading(own, listed);
  assertEquals(services.map(({ id }) => id), [
    "source",
    "sink",
    "source of the control plane",
    "other",
  ]);
  assertEquals(services[2]!.figures.id, "source of the control plane");
});

Deno.test("problems of both are told", () => {
  const { problems } = joinedReading({ services: [], problems: ["a"] }, {
    services: [],
    problems: ["b"],
  });
  assertEquals(problems, ["a", "b"]);
});

Deno.test("who reads whom is not known where others are listed without event types", () => {
  const legacy = (...services: MonitoredService[]) => ({ ...reading(...services), joined: false });
  const own = reading(monitored({ ...source, ...at(1) }));
  assertEquals(joinedReading(own, legacy(monitored({ id: "x" }))).joined, false);
  assertEquals(joinedReading(own, legacy()).joined, true);
});
