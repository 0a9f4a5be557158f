import { assertRejects } from "@std/assert";
import { ControlClient, ControlError } from "./control_client.ts";

Deno.test("a manager that takes the connection and gives no answer is given up, for status and health", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const client = new ControlClient({ control: { port, token: "t" } }, 50);
  for (const ask of [() => client.status(), () => client.health()]) {
    await assertRejects(ask, ControlError, "the manager gives no answer");
  }
});
