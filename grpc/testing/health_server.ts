import { Server, type UntypedServiceImplementation } from "@grpc/grpc-js";
import {
  deferGoaway,
  HEALTH_SERVICE,
  healthMethods,
  HealthService,
  listen,
  REFLECTION_SERVICES,
  reflectionMethods,
  ReflectionService,
} from "../mod.ts";

/** The smallest server: health and reflection on a free port of loopback. */
export async function healthServer() {
  deferGoaway();
  const server = new Server();
  const health = new HealthService([HEALTH_SERVICE]);
  server.addService(healthMethods, { ...health.handlers } as UntypedServiceImplementation);
  const reflection = new ReflectionService([]);
  for (const name of REFLECTION_SERVICES) {
    server.addService(reflectionMethods(name), { ServerReflectionInfo: reflection.serve });
  }
  const port = await listen(server, { bindAddress: "127.0.0.1", port: 0 });
  const stop = () => {
    health.stop();
    server.forceShutdown();
  };
  return { port, health, stop, [Symbol.dispose]: stop };
}
