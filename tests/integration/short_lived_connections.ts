/**
 * A process of its own with a gRPC server that ends every connection by GOAWAY after a moment, as load
 * balancers do. Prints its port, and stops at the end of standard input.
 *
 * @module
 */
import { Server } from "@grpc/grpc-js";
import {
  deferGoaway,
  HEALTH_SERVICE,
  healthMethods,
  HealthService,
  listen,
} from "../../grpc/mod.ts";

const AGE_MS = 200;

deferGoaway();
const server = new Server({
  "grpc.max_connection_age_ms": AGE_MS,
  "grpc.max_connection_age_grace_ms": AGE_MS,
});
server.addService(healthMethods, { ...new HealthService([HEALTH_SERVICE]).handlers });
console.log(await listen(server, { bindAddress: "127.0.0.1", port: 0 }));
for await (const _ of Deno.stdin.readable);
server.forceShutdown();
