import { assert, assertEquals } from "@std/assert";
import { callUnary, rawClient, UnreadCalls } from "../../grpc/testing/mod.ts";
import { v1 } from "../../flowctl/protocol/mod.ts";
import { DirectComponent, taskArguments } from "./direct_component.ts";

const { RegisterComponent, ListComponents, GetComponentStatus } = v1.controlPlaneServiceMethods;
const ALL = { typeFilter: 0, includeUnhealthy: true };

/** Services that together take 1 MB in a list. */
const SERVICES = 100;
const METADATA = { text: "x".repeat(10_000) };

/**
 * Far above what the limits of unread answers let through (some 30 MB), and far below 256 lists,
 * which take half a GB, since HTTP/2 holds them a second time.
 */
const MOST_GROWN_BYTES = 200e6;

Deno.test("256 lists that a client asks for and does not take cost the control plane no more than some", async () => {
  await using flowctl = new DirectComponent(
    [...taskArguments("flowctl"), "--port", "0", "--health-port", "0", "--state-path", ":memory:"],
    {},
  );
  const { ports } = await flowctl.ready();
  const client = rawClient(ports.grpc!);
  for (let i = 0; i < SERVICES; i++) {
    const component = v1.componentInfo.create({ id: `service-${i}`, metadata: METADATA });
    await callUnary(client, RegisterComponent, { component, componentId: "" });
  }
  const listed = async () => (await callUnary(client, ListComponents, ALL)).components.length;
  assertEquals(await listed(), SERVICES);
  const rss = async () => {
    const answer = await fetch(`http://127.0.0.1:${ports.health}/health`);
    return (await answer.json()).rss_bytes as number;
  };
  const before = await rss();
  {
    await using unread = await UnreadCalls.connect(ports.grpc!);
    // One less than the streams of a connection: the last one shows that all before it were taken up.
    for (let i = 0; i < 255; i++) {
      await unread.call(ListComponents.path, ListComponents.requestSerialize(ALL));
    }
    const unknown = GetComponentStatus.requestSerialize({ serviceId: "unknown" });
    const last = await unread.call(GetComponentStatus.path, unknown);
    assertEquals(await last.ended, "status");
    const grown = await rss() - before;
    assert(grown < MOST_GROWN_BYTES, `grown by ${Math.round(grown / 1e6)} MB`);
    assertEquals(await listed(), SERVICES, "others are answered meanwhile");
  }
  const fair = await Promise.all(Array.from({ length: 200 }, listed));
  assertEquals(new Set(fair), new Set([SERVICES]), "200 calls at once are all answered");
  client.close();
  assertEquals(await flowctl.terminate(), 0);
});
