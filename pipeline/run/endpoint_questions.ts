import { askHealth, askServing } from "../../flowctl/mod.ts";
import type { EndpointHealth } from "../control/mod.ts";
import {
  canBeAsked,
  grpcEndpoint,
  grpcPort,
  healthHost,
  type PlannedComponent,
  whyNotReachable,
} from "../plan/mod.ts";
import type { ComponentSnapshot } from "../supervision/mod.ts";
import { shortName } from "./short_name.ts";

/** Asks the health port and the gRPC server of every component that runs. Never rejects. */
export async function askEndpoints(
  components: readonly PlannedComponent[],
  snapshots: readonly ComponentSnapshot[],
): Promise<EndpointHealth[]> {
  const questions = components.flatMap((component, at) => {
    const ports = snapshots[at]?.ports ?? {};
    return [askHttp(component, ports.health), askGrpc(component, grpcPort(ports))];
  });
  return await Promise.all(questions);
}

async function askHttp(
  component: PlannedComponent,
  port: number | undefined,
): Promise<EndpointHealth> {
  if (port === undefined) return notStarted(component, "http");
  const host = healthHost(component);
  const { value: reply, milliseconds } = await timed(askHealth(host, port));
  const status = reply.answer?.status ?? reply.error ?? "no answer";
  const reason = reply.answer?.details.error;
  return {
    ...nameOf(component),
    kind: "http",
    endpoint: `http://${host}:${port}/health`,
    healthy: status === "healthy",
    status,
    reason: typeof reason === "string" ? reason : null,
    milliseconds,
  };
}

async function askGrpc(
  component: PlannedComponent,
  port: number | undefined,
): Promise<EndpointHealth> {
  if (port === undefined) return notStarted(component, "grpc");
  const endpoint = grpcEndpoint(component, port);
  const common = { ...nameOf(component), kind: "grpc" as const, endpoint };
  if (!canBeAsked(component)) {
    // Its certificate cannot be checked without TLS_CA_FILE, but whether somebody listens can.
    const { value: error, milliseconds } = await timed(whyNotReachable(endpoint));
    const status = error ?? "takes connections; TLS_CA_FILE is needed to ask it";
    return { ...common, healthy: error === undefined, status, reason: null, milliseconds };
  }
  const { value: reply, milliseconds } = await timed(askServing(endpoint, component.config));
  const status = reply.status ?? reply.error ?? "no answer";
  return { ...common, healthy: status === "SERVING", status, reason: null, milliseconds };
}

function notStarted(component: PlannedComponent, kind: "http" | "grpc"): EndpointHealth {
  return {
    ...nameOf(component),
    kind,
    endpoint: null,
    healthy: false,
    status: "not started",
    reason: null,
    milliseconds: null,
  };
}

function nameOf({ declaration }: PlannedComponent): { name: string; component: string } {
  return { name: shortName(declaration.name), component: declaration.name };
}

async function timed<T>(promise: Promise<T>): Promise<{ value: T; milliseconds: number }> {
  const start = performance.now();
  const value = await promise;
  return { value, milliseconds: Math.round(performance.now() - start) };
}
