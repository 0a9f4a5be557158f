import { assertEquals } from "@std/assert";
import { controlled, INTERVAL_MS } from "./_controlled.ts";
import { failure } from "./testing/mod.ts";

Deno.test("tries to register come at pauses that double up to 4 s, for as long as it takes", async () => {
  const { clock, client, controller } = controlled({ random: () => 1 });
  client.fail = () => failure("UNAVAILABLE");
  controller.start();
  await clock.advance(0);
  let tries = client.calls.length;
  for (const pauseMs of [500, 1_000, 2_000, 4_000, 4_000]) {
    await clock.advance(pauseMs - 1);
    assertEquals(client.calls.length, tries, `before ${pauseMs} ms`);
    await clock.advance(1);
    assertEquals(client.calls.length, ++tries, `after ${pauseMs} ms`);
  }
  await clock.advance(3_600_000);
  assertEquals(client.calls.length, tries + 900);
  assertEquals(controller.counts.failedRegistrations, tries + 900);
  await controller.stop();
});

Deno.test("a control plane that has forgotten the service gets it again at once, under the same id", async () => {
  const { clock, client, controller } = controlled();
  controller.start();
  await clock.advance(0);
  let forgotten = true;
  client.fail = (call) => {
    if (call === "register") forgotten = false;
    return call === "heartbeat" && forgotten ? failure("NOT_FOUND") : undefined;
  };
  client.calls.length = 0;
  await clock.advance(INTERVAL_MS);
  assertEquals(client.calls, ["heartbeat given-1", "register given-1", "heartbeat given-1"]);
  assertEquals(controller.isRegistered, true);
  await controller.stop();
});

Deno.test("a control plane that forgets the service each time is not asked without a pause", async () => {
  const { clock, client, controller } = controlled({ random: () => 1 });
  client.fail = (call) => call === "heartbeat" ? failure("NOT_FOUND") : undefined;
  controller.start();
  await clock.advance(60_000);
  assertEquals(client.registrations.length < 20, true, `${client.registrations.length}`);
  await controller.stop();
});

/** When a control plane comes back: each quarter of a second at first, later now and then. */
const AWAY_MS = Array.from({ length: 140 }, (_, at) => at < 120 ? at * 250 : at * 1_700);

for (const away of ["refuses", "hangs"] as const) {
  for (const had of [true, false]) {
    const service = had ? "the service that it had" : "a service that it never had";
    Deno.test(`a control plane that ${away} gets ${service} within 15 s, whenever it comes back empty`, async () => {
      for (const awayMs of AWAY_MS) {
        // The longest of all pauses, and the latest heartbeats.
        const { clock, client, controller } = controlled({ random: () => 1 });
        let isAway = !had;
        let hasService = false;
        client.fail = (call) => {
          if (isAway) return away === "hangs" ? "hang" : failure("UNAVAILABLE");
          if (call === "register") hasService = true;
          return hasService ? undefined : failure("NOT_FOUND");
        };
        controller.start();
        await clock.advance(0);
        assertEquals(hasService, had);
        isAway = true;
        await clock.advance(awayMs);
        [isAway, hasService] = [false, false];
        await clock.advance(15_000);
        assertEquals([hasService, controller.isRegistered], [true, true], `after ${awayMs} ms`);
        await controller.stop();
      }
    });
  }
}
