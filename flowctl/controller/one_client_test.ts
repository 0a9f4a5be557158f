import { assertEquals, assertRejects } from "@std/assert";
import type { ControlPlaneClient } from "./control_plane_client.ts";
import { OneClient } from "./one_client.ts";

function fakeClient(): { client: ControlPlaneClient; closed: () => number } {
  let closed = 0;
  return { client: { close: () => void closed++ } as ControlPlaneClient, closed: () => closed };
}

const NEVER = new AbortController().signal;

Deno.test("whoever asks meanwhile gets the same client, and a making that failed is tried again", async () => {
  const { client } = fakeClient();
  const makings = [Promise.reject(new Error("no name")), Promise.resolve(client)];
  let made = 0;
  const one = new OneClient(() => makings[made++]!, NEVER);
  await assertRejects(() => one.get(NEVER), Error, "no name");
  assertEquals(one.current, undefined);
  const clients = await Promise.all([one.get(NEVER), one.get(NEVER)]);
  assertEquals(clients.every((each) => each === client), true);
  assertEquals([made, one.current === client], [2, true]);
});

Deno.test("a try that ended before the client was there leaves it to the next one", async () => {
  const { client, closed } = fakeClient();
  const one = new OneClient(() => client, NEVER);
  await assertRejects(() => one.get(AbortSignal.abort(new Error("too late"))), Error, "too late");
  assertEquals([await one.get(NEVER) === client, closed()], [true, 0]);
  one.close();
  assertEquals(closed(), 1);
});

Deno.test("a client that is ready only after the end is closed at once", async () => {
  const { client, closed } = fakeClient();
  const { promise, resolve } = Promise.withResolvers<ControlPlaneClient>();
  const ending = new AbortController();
  const one = new OneClient(() => promise, ending.signal);
  const asked = one.get(NEVER);
  ending.abort(new Error("stopped"));
  resolve(client);
  await assertRejects(() => asked, Error, "stopped");
  assertEquals([closed(), one.current], [1, undefined]);
});
