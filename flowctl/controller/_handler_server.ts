import { type handleUnaryCall, Server, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { listen } from "../../grpc/mod.ts";

/** A server of these handlers on a free port, for what our own control plane never does. */
export async function handlerServer(
  definition: Parameters<Server["addService"]>[0],
  handlers: UntypedServiceImplementation,
) {
  const grpc = new Server();
  grpc.addService(definition, handlers);
  const port = await listen(grpc, { bindAddress: "127.0.0.1", port: 0 });
  return { port, [Symbol.dispose]: () => grpc.forceShutdown() };
}

/** A handler that always answers the same. */
export function answer<T>(result: T): handleUnaryCall<unknown, T> {
  return (_call, done) => done(null, result);
}
