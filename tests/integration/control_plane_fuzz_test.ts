import { Buffer } from "node:buffer";
import { assert, assertEquals } from "@std/assert";
import type { Client, MethodDefinition } from "@grpc/grpc-js";
import { join } from "@std/path";
import { healthMethods } from "../../grpc/mod.ts";
import { callUnary, failureOf, rawClient, sendBytes } from "../../grpc/testing/mod.ts";
import { ControlPlane } from "../../flowctl/control_plane/mod.ts";
import { metricsJson } from "../../flowctl/metrics/mod.ts";
import { legacy, v1 } from "../../flowctl/protocol/mod.ts";
import { protobufRoot, RandomMessage, seededRandom } from "../../flowctl/protocol/testing/mod.ts";
import { serviceJson } from "../../flowctl/service/mod.ts";
import { topologyJson } from "../../flowctl/topology/mod.ts";

/** Messages of each method. */
const MESSAGES = 10_000;

/** Calls on their way at once, fewer than the streams of one connection. */
const AT_ONCE = 100;

/** Ids that messages name often, so that many of them reach a service or run that is there. */
const IDS = ["a", "b", "c", "d"];

/** Small, so that each list of them is; the limits are reached all the same. */
const LIMITS = { services: 16, registryBytes: 32 * 1024, requestsPerSecond: 1e9 };

/** Codes of what the caller has done wrong. */
const REFUSALS = ["INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION", "RESOURCE_EXHAUSTED"];

const SERVICES = [
  { name: v1.CONTROL_PLANE_SERVICE_NAME, methods: v1.controlPlaneServiceMethods },
  { name: legacy.CONTROL_PLANE_NAME, methods: legacy.controlPlaneMethods },
];

/** Told with a failure; FUZZ_SEED sets it, and the same messages come again. */
const seed = Number(Deno.env.get("FUZZ_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);

// deno-lint-ignore no-explicit-any -- of any messages; `unknown` would take none.
type AnyMethod = MethodDefinition<any, any>;

/** How a call ended: `OK`, or code and sentence. An answer that cannot be read is an error. */
async function endOf(client: Client, method: AnyMethod, bytes: Uint8Array): Promise<string> {
  let answer: Uint8Array;
  try {
    answer = await sendBytes(client, method.path, bytes);
  } catch (error) {
    return await failureOf(Promise.reject(error));
  }
  method.responseDeserialize(Buffer.from(answer));
  return "OK";
}

/** Whether a caller can tell from it what was wrong. */
function isRefusal(end: string): boolean {
  const [code, sentence = ""] = end.split(/: (.*)/s);
  return REFUSALS.includes(code!) && sentence.includes(" ");
}

/** Sends all messages of one method; returns how many ended by which code. */
async function fuzz(
  client: Client,
  method: AnyMethod,
  messages: () => Uint8Array,
): Promise<Map<string, number>> {
  const codes = new Map<string, number>();
  let left = MESSAGES;
  const sender = async () => {
    while (left-- > 0) {
      const bytes = messages();
      const end = await endOf(client, method, bytes);
      assert(end === "OK" || isRefusal(end), `seed ${seed}: ${method.path} ${hex(bytes)}: ${end}`);
      const code = end.split(":")[0]!;
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  return codes;
}

function hex(bytes: Uint8Array): string {
  return [...bytes.subarray(0, 500)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Makes room, and then sees to it that each id is that of a service and of a run. */
async function addAll(client: Client): Promise<void> {
  const { ListServices, Register, CreatePipelineRun } = legacy.controlPlaneMethods;
  const { UnregisterComponent } = v1.controlPlaneServiceMethods;
  for (const { serviceId } of (await callUnary(client, ListServices, {})).services) {
    await callUnary(client, UnregisterComponent, { serviceId });
  }
  for (const id of IDS) {
    await callUnary(client, Register, legacy.serviceInfo.create({ serviceId: id }));
    const run = { runId: id, pipelineName: "p", configYaml: "", componentIds: [id] };
    // It may be there with another configuration.
    await callUnary(client, CreatePipelineRun, run).catch(() => {});
  }
}

/** What the HTTP paths, the console and the commands make of services must be made of any. */
function shownAll(controlPlane: ControlPlane): string {
  const services = controlPlane.services();
  return JSON.stringify([
    services.map((service) => serviceJson(service, 0)),
    topologyJson(services, controlPlane.topology(), controlPlane.health()),
    metricsJson(controlPlane.metrics()),
  ]);
}

Deno.test("ten thousand random messages to each method are answered or refused with a sentence, and nothing fails", async (t) => {
  const root = await protobufRoot();
  const random = seededRandom(seed);
  const messages = new RandomMessage(random, IDS);
  const folder = await Deno.makeTempDir();
  const statePath = join(folder, "state.sqlite");
  const failed: unknown[] = [];
  const options = {
    port: 0,
    limits: LIMITS,
    statePath,
    onError: (error: unknown) => failed.push(error),
  };
  let known: string;
  {
    await using controlPlane = new ControlPlane(options);
    const { port } = await controlPlane.start();
    const client = rawClient(port);
    for (const { name, methods } of SERVICES) {
      const { methods: types } = root.lookupService(name);
      for (const [methodName, method] of Object.entries(methods)) {
        const type = root.lookupType(types[methodName]!.requestType);
        await t.step(`${name}.${methodName}`, async () => {
          await addAll(client);
          const codes = await fuzz(client, method, () => messages.bytes(type));
          const shown = `seed ${seed}: ${JSON.stringify(Object.fromEntries(codes))}`;
          assert((codes.get("OK") ?? 0) > MESSAGES / 100, `hardly any got through, ${shown}`);
          shownAll(controlPlane);
        });
      }
    }
    assertEquals(failed, [], `seed ${seed}`);
    assertEquals(controlPlane.storageFailure, undefined);
    const { status } = await callUnary(client, healthMethods.Check, { service: "" });
    assertEquals(status, 1);
    client.close();
    known = shownIds(controlPlane);
  }
  // What clients have sent must be readable where it is kept, too.
  await using again = new ControlPlane(options);
  await again.start();
  assertEquals(shownIds(again), known);
  await Deno.remove(folder, { recursive: true });
});

/** What a restart must bring back; in the order of ids, since the state file has another one. */
function shownIds(controlPlane: ControlPlane): string {
  const rows = controlPlane.services().map(({ id, metadata }) => JSON.stringify([id, metadata]));
  return rows.sort().join("\n");
}
