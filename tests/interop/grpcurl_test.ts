/** The control plane by hand, with grpcurl and no .proto files. Skipped where there is no grpcurl. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { ControlPlane } from "../../flowctl/control_plane/mod.ts";

const LEDGERS = "stellar_ledger_service.StellarLedger";

async function grpcurl(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command("grpcurl", { args, stdin: "null" })
    .output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

async function hasGrpcurl(): Promise<boolean> {
  try {
    return (await grpcurl("-version")).code === 0;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.log("skipped: no grpcurl on the PATH");
    return false;
  }
}

const ignore = !await hasGrpcurl();

/** Calls or asks a control plane without TLS; must succeed. */
type Ask = (words: readonly string[], request?: unknown) => Promise<string>;

async function withPlane(
  test: (ask: Ask, plane: ControlPlane, address: string) => Promise<void>,
  options: { token?: string } = {},
): Promise<void> {
  await using plane = new ControlPlane({ port: 0, ...options });
  const { port } = await plane.start();
  const address = `127.0.0.1:${port}`;
  const ask: Ask = async (words, request = {}) => {
    const data = JSON.stringify(request);
    const { code, out, err } = await grpcurl("-plaintext", "-d", data, address, ...words);
    assertEquals(code, 0, err);
    return out;
  };
  await test(ask, plane, address);
}

Deno.test({
  name: "grpcurl lists and describes all services by reflection",
  ignore,
  fn: () =>
    withPlane(async (ask) => {
      const names = (await ask(["list"])).trim().split("\n");
      for (
        const name of [
          "flowctl.ControlPlane",
          "flowctl.v1.ControlPlaneService",
          "grpc.health.v1.Health",
        ]
      ) {
        assertEquals(names.includes(name), true, names.join(", "));
        assertStringIncludes(await ask(["describe", name]), `service ${name.split(".").at(-1)}`);
      }
      const info = await ask(["describe", "flowctl.v1.ComponentInfo"]);
      assertStringIncludes(info, "map<string, string> metadata = 9;");
    }),
});

Deno.test({
  name: "grpcurl registers, beats and lists in both protocols by reflection",
  ignore,
  fn: () =>
    withPlane(async (ask, plane) => {
      const component = {
        id: "source",
        type: "COMPONENT_TYPE_SOURCE",
        output_event_types: [LEDGERS],
      };
      const v1 = "flowctl.v1.ControlPlaneService";
      const ack = await ask([`${v1}/RegisterComponent`], { component });
      assertEquals(JSON.parse(ack).assignedTopics, [`${LEDGERS}.v1`]);
      const beat = { service_id: "source", status: "HEALTH_STATUS_DEGRADED", metrics: { a: "1" } };
      await ask([`${v1}/Heartbeat`], beat);
      assertEquals(plane.services().map(({ status }) => status), ["DEGRADED"]);
      const all = JSON.parse(
        await ask([`${v1}/ListComponents`], { include_unhealthy: true }),
      );
      assertEquals(all.components[0].component.outputEventTypes, [LEDGERS]);
      const { services } = JSON.parse(await ask(["flowctl.ControlPlane/ListServices"]));
      assertEquals([services[0].serviceId, services[0].metrics], ["source", { a: 1 }]);
      const health = JSON.parse(await ask(["grpc.health.v1.Health/Check"]));
      assertEquals(health, { status: "SERVING" });
    }),
});

Deno.test({
  name: "grpcurl is told codes and reasons, and needs the token for reflection too",
  ignore,
  fn: () =>
    withPlane(async (_ask, _plane, address) => {
      const refused = await grpcurl("-plaintext", address, "list");
      assertEquals(refused.code === 0, false);
      assertStringIncludes(refused.err, "authorization");
      const header = ["-plaintext", "-H", "authorization: Bearer open-sesame"];
      assertEquals((await grpcurl(...header, address, "list")).code, 0);
      const method = "flowctl.ControlPlane/GetServiceStatus";
      const missing = await grpcurl(...header, "-d", '{"service_id": "x"}', address, method);
      assertStringIncludes(missing.err, "Code: NotFound");
      assertStringIncludes(missing.err, "service x not found");
    }, { token: "open-sesame" }),
});
