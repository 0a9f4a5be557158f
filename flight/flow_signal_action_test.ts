import { assertEquals, assertRejects } from "@std/assert";
import { FlightClient } from "./flight_client.ts";
import { FlightError } from "./flight_error.ts";
import { FlightServer } from "./flight_server.ts";
import { flowSignalAction, tellFlowSignal } from "./flow_signal_action.ts";

const never = new AbortController().signal;

async function connect(take?: (body: Uint8Array) => void) {
  const server = new FlightServer({
    bindAddress: "127.0.0.1",
    port: 0,
    datasets: [],
    actions: take === undefined ? [] : [flowSignalAction(take)],
  });
  const { port } = await server.start();
  const client = new FlightClient(`127.0.0.1:${port}`);
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.close();
      await server.stop(0);
    },
  };
}

Deno.test("a server takes what its consumer tells, and answers nothing", async () => {
  const bodies: string[] = [];
  await using peers = await connect((body) => bodies.push(new TextDecoder().decode(body)));
  assertEquals(await tellFlowSignal(peers.client, new TextEncoder().encode("{}"), never), "taken");
  assertEquals(await peers.client.doAction("flow_signal", { load: 1 }), []);
  assertEquals(bodies, ["{}", '{"load":1}']);
});

Deno.test("what a server refuses is told as INVALID_ARGUMENT with its sentence", async () => {
  await using peers = await connect(() => {
    throw new RangeError("field load is -1 and must be a number from 0 on");
  });
  const error = await assertRejects(
    () => tellFlowSignal(peers.client, new Uint8Array(), never),
    FlightError,
    "field load is -1",
  );
  assertEquals(error.code, "INVALID_ARGUMENT");
});

Deno.test("a server without flow signals is no failure", async () => {
  await using peers = await connect();
  assertEquals(await tellFlowSignal(peers.client, new Uint8Array(), never), "unsupported");
});
