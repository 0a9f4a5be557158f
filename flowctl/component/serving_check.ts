import { ConfigError, type ResolvedConfig } from "../config/mod.ts";
import { realClock } from "./clock.ts";
import { describeError } from "./describe_error.ts";
import { loadFlightSecurity } from "./flight_security.ts";
import { createLogger } from "./logger.ts";
import type { ServingReply } from "../../grpc/mod.ts";

/**
 * Asks a component's gRPC server whether it serves, with the TLS files of the component itself:
 * in a pipeline one authority signs for all.
 *
 * @param endpoint `host:port`
 * @param config of the component that is asked
 * @returns never rejects
 */
export async function askServing(
  endpoint: string,
  config: ResolvedConfig,
  signal?: AbortSignal,
): Promise<ServingReply> {
  try {
    const { client } = await loadFlightSecurity(config, silentLogger());
    // Loaded when it is first needed: a command that asks nobody starts without it.
    const { checkHealth } = await import("../../grpc/mod.ts");
    const serves = config.isSet("TLS_CERT_FILE");
    return await checkHealth(endpoint, serves ? client : {}, signal);
  } catch (error) {
    const what = error instanceof ConfigError ? "its TLS files cannot be used" : "cannot be asked";
    return { status: undefined, error: `${what}: ${describeError(error)}` };
  }
}

function silentLogger() {
  return createLogger({
    component: "pipeline",
    level: "error",
    format: "text",
    clock: realClock,
    write: () => {},
  });
}
