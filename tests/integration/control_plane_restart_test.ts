import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Controller } from "../../flowctl/controller/mod.ts";
import { Discovery } from "../../flowctl/discovery/mod.ts";
import { eventually } from "../e2e/patience.ts";
import { DirectComponent } from "./direct_component.ts";

const SERVICES = 10;

/** Heartbeats and looks come often, so that the test waits for none. */
const OFTEN_MS = 100;

/** The control plane's process itself: a task's would only be told that its parent is gone. */
function controlPlane(port: number, statePath: string): DirectComponent {
  return new DirectComponent([
    ...["run", "-q", "-A", "--no-check", "flowctl/control_plane/main.ts"],
    ...["--port", String(port), "--health-port", "0", "--state-path", statePath],
  ], {});
}

Deno.test("services live on through a control plane's SIGKILL, and stay registered by its state", async () => {
  const folder = await Deno.makeTempDir();
  const statePath = join(folder, "state.sqlite");
  const controllers: Controller[] = [];
  let discovery: Discovery | undefined;
  try {
    await using first = controlPlane(0, statePath);
    const port = (await first.ready()).ports.grpc!;
    const endpoint = `localhost:${port}`;
    for (let at = 0; at < SERVICES; at++) {
      controllers.push(
        new Controller({
          endpoint,
          // Half of them are given their ids.
          registration: {
            name: "feed",
            type: "SOURCE",
            ...(at % 2 === 0 ? {} : { id: `f-${at}` }),
          },
          protocol: at % 3 === 0 ? "legacy" : "v1",
          heartbeatIntervalMs: OFTEN_MS,
        }),
      );
    }
    for (const each of controllers) each.start();
    const ids = await Promise.all(
      controllers.map(async (each) => (await each.registered()).serviceId),
    );
    discovery = new Discovery({ endpoint, refreshIntervalMs: () => OFTEN_MS });
    const changes: string[] = [];
    discovery.start();
    await discovery.ready();
    discovery.watch(({ what }) => changes.push(what));
    first.kill();
    await first.ended();
    await eventually(
      "the loss is not seen",
      () => discovery!.error !== undefined && controllers.every((each) => !each.isRegistered),
    );
    // What the control plane said last stands, and so do the ids that it gave.
    assertEquals(discovery.find().length, SERVICES);
    assertEquals(controllers.map(({ details }) => details.service_id), ids);

    await using second = controlPlane(port, statePath);
    await second.ready();
    await eventually("not all are heard of again", async () => {
      await discovery!.refresh().catch(() => {});
      return controllers.every((each) => each.isRegistered) &&
        discovery!.find().length === SERVICES;
    });
    assertEquals(discovery.services().map(({ id }) => id).sort(), [...ids].sort());
    assertEquals(controllers.map(({ counts }) => counts.registrations), Array(SERVICES).fill(1));
    assertEquals(changes.filter((what) => what !== "healthy" && what !== "unhealthy"), []);
  } finally {
    await discovery?.stop();
    await Promise.all(controllers.map((each) => each.stop()));
    await Deno.remove(folder, { recursive: true });
  }
});
