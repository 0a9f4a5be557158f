import { assertEquals, assertRejects } from "@std/assert";
import type { sendUnaryData } from "@grpc/grpc-js";
import { v1 } from "../protocol/mod.ts";
import { handlerServer } from "./_handler_server.ts";
import { ControlPlaneError } from "./control_plane_error.ts";
import { GrpcChannel } from "./grpc_channel.ts";

const { UnregisterComponent } = v1.controlPlaneServiceMethods;

/** A server that ends each call as told, or not at all, and a channel to it. */
async function channelTo(end: (done: sendUnaryData<unknown>) => void) {
  const server = await handlerServer({ UnregisterComponent }, {
    UnregisterComponent: (_call: unknown, done: sendUnaryData<unknown>) => end(done),
  });
  const channel = new GrpcChannel(`127.0.0.1:${server.port}`);
  return {
    call: (timeoutMs?: number) =>
      channel.call(
        UnregisterComponent,
        { serviceId: "feed" },
        timeoutMs === undefined ? {} : { timeoutMs },
      ),
    channel,
    [Symbol.dispose]: () => {
      channel.close();
      server[Symbol.dispose]();
    },
  };
}

Deno.test("codes of a control plane are told as they are, or as what they mean", async () => {
  const cases = [
    [{ code: 5, details: "service feed not found" }, "NOT_FOUND", "service feed not found"],
    // Go's flowctl.
    [{ code: 2, details: "service feed not found" }, "NOT_FOUND", "service feed not found"],
    [{ code: 2, details: "service  not found" }, "NOT_FOUND", "service  not found"],
    [{ code: 2, details: "the disk is full" }, "INTERNAL", "the disk is full"],
    [{ code: 13, details: "service feed not found" }, "INTERNAL", "service feed not found"],
    [{ code: 7, details: "no" }, "UNAUTHENTICATED", "no"],
    [{ code: 1, details: "Call cancelled" }, "UNAVAILABLE", "it closed the connection"],
    [{ code: 4, details: "Deadline exceeded" }, "DEADLINE_EXCEEDED", "it did not answer in time"],
  ] as const;
  for (const [failure, code, reason] of cases) {
    using t = await channelTo((done) => done(failure));
    const error = await assertRejects(() => t.call(), ControlPlaneError);
    assertEquals([error.code, error.reason], [code, reason]);
    assertEquals(error.message, `Control plane ${t.channel.endpoint}: ${reason}`);
  }
});

Deno.test("an answer that never comes is given up, and the next call goes over a new connection", async () => {
  let calls = 0;
  using t = await channelTo((done) => {
    if (++calls > 1) done(null, {});
  });
  const error = await assertRejects(() => t.call(100), ControlPlaneError);
  assertEquals([error.code, error.reason], ["DEADLINE_EXCEEDED", "it did not answer in time"]);
  assertEquals(await t.call(), {});
});

Deno.test("a channel that was closed opens again with the next call", async () => {
  using t = await channelTo((done) => done(null, {}));
  t.channel.close();
  assertEquals(await t.call(), {});
  t.channel.close();
  t.channel.close();
  assertEquals(await t.call(), {});
});

Deno.test("a request that cannot be written is a fault of the caller, told as INTERNAL", async () => {
  using t = await channelTo((done) => done(null, {}));
  const broken = null as unknown as v1.UnregisterRequest;
  const error = await assertRejects(
    () => t.channel.call(UnregisterComponent, broken),
    ControlPlaneError,
  );
  assertEquals(error.code, "INTERNAL");
});
