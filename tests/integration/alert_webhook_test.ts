import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { WebhookMessage } from "../../flowctl/mod.ts";
import { v1 } from "../../flowctl/protocol/mod.ts";
import { callUnary, rawClient } from "../../grpc/testing/mod.ts";
import { DirectComponent, taskArguments } from "./direct_component.ts";

/** Fires as soon as a service has not been heard of for a moment. */
const RULES = `
group_interval: 1s
rules:
  - name: Silent
    severity: info
    figure: heartbeats_missed
    above: 0.01
    summary: "{service} is silent"
    advice: Nothing.
`;

/** A receiver that keeps the messages. */
function receiver() {
  const messages: WebhookMessage[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      messages.push(await request.json());
      return new Response();
    },
  );
  return { messages, server };
}

Deno.test("the control plane's task posts alerts by rules of one's own, with exactly the permissions for that", async () => {
  const folder = await Deno.makeTempDir();
  const { messages, server } = receiver();
  const rules = join(folder, "rules.yaml");
  await Deno.writeTextFile(rules, RULES);
  try {
    await using flowctl = new DirectComponent([
      ...taskArguments("flowctl"),
      ...["--port", "0", "--health-port", "0", "--state-path", ":memory:"],
    ], {
      MONITORING_INTERVAL: "1s",
      ALERT_RULES_PATH: rules,
      ALERT_WEBHOOK_URL: `http://127.0.0.1:${server.addr.port}/hush-hush`,
    });
    const { ports } = await flowctl.ready();
    const client = rawClient(ports.grpc!);
    const { RegisterComponent, UnregisterComponent } = v1.controlPlaneServiceMethods;
    const component = v1.componentInfo.create({ type: v1.ComponentType.SOURCE });
    await callUnary(client, RegisterComponent, { component, componentId: "quiet" });
    const told = (status: string) =>
      flowctl.until(
        `posts no alert that is ${status}`,
        () => Promise.resolve(messages.some((message) => message.status === status)),
      );
    await told("firing");
    const [first] = messages;
    assertEquals([
      first!.version,
      first!.groupLabels.alertname,
      first!.alerts[0]!.labels.service_id,
    ], [
      "4",
      "Silent",
      "quiet",
    ]);
    const answer = await (await fetch(`http://127.0.0.1:${ports.health}/api/alerts`)).json();
    assertEquals([answer.alerts[0].state, answer.rules.length], ["firing", 1]);
    await callUnary(client, UnregisterComponent, { serviceId: "quiet" });
    await told("resolved");
    client.close();
    assertEquals(await flowctl.terminate(), 0);
    assertEquals(flowctl.said.includes("hush-hush"), false, flowctl.said);
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
});
