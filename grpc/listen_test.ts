import { assertEquals, assertRejects } from "@std/assert";
import { Server } from "@grpc/grpc-js";
import { GrpcError } from "./grpc_error.ts";
import { listen } from "./listen.ts";

Deno.test("a port that is taken is told once: by the error, without a cause, and not by grpc-js", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  const written: unknown[] = [];
  const { error: write } = console;
  console.error = (...args) => void written.push(...args);
  try {
    const error = await assertRejects(
      () => listen(new Server(), { bindAddress: "127.0.0.1", port }),
      GrpcError,
      `Port ${port} on 127.0.0.1 is taken.`,
    );
    assertEquals([error.cause, written], [undefined, []]);
  } finally {
    console.error = write;
  }
});
