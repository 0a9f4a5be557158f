import { legacy } from "../protocol/mod.ts";
import type { Registration, ServiceType } from "../control_plane/mod.ts";
import type {
  ControlPlaneClient,
  Heartbeat,
  ListedService,
  Registered,
  ServiceFilter,
} from "./control_plane_client.ts";
import { ControlPlaneError } from "./control_plane_error.ts";
import type { GrpcChannel } from "./grpc_channel.ts";
import { REGISTER_TIMEOUT_MS } from "./limits.ts";

const methods = legacy.controlPlaneMethods;

/** A control plane that speaks flowctl.ControlPlane, the older protocol. */
export class LegacyClient implements ControlPlaneClient {
  readonly protocol = "legacy";

  constructor(private readonly channel: GrpcChannel) {}

  async register(registration: Registration, signal?: AbortSignal): Promise<Registered> {
    const bounds = { signal, timeoutMs: REGISTER_TIMEOUT_MS };
    const info = writeInfo(registration);
    const answer = await this.channel.call(methods.Register, info, bounds);
    const { serviceId, topicNames, connectionInfo } = answer;
    return { serviceId, assignedTopics: topicNames, connectionInfo };
  }

  async heartbeat(
    { serviceId, status, metrics }: Heartbeat,
    signal?: AbortSignal,
  ): Promise<void> {
    // This protocol cannot say that a service stops; a heartbeat would say that it lives on.
    if (status === "STOPPING") return;
    const request = { serviceId, timestamp: Date.now(), metrics: { ...metrics } };
    await this.channel.call(methods.Heartbeat, request, { signal });
  }

  /** This protocol knows no such call: the service expires when its heartbeats end. */
  unregister(): Promise<void> {
    return Promise.resolve();
  }

  /** This protocol tells neither event types nor endpoints. Throws ControlPlaneError. */
  discover(_filter: ServiceFilter): Promise<Registration[]> {
    const reason = "flowctl.ControlPlane, the older protocol, has no discovery; " +
      "name the endpoints, or use a control plane with flowctl.v1";
    const { endpoint } = this.channel;
    return Promise.reject(new ControlPlaneError("FAILED_PRECONDITION", endpoint, reason));
  }

  async status(serviceId: string, signal?: AbortSignal): Promise<ListedService> {
    const request = legacy.serviceInfo.create({ serviceId });
    return readService(await this.channel.call(methods.GetServiceStatus, request, { signal }));
  }

  async list(
    type: ServiceType = "UNSPECIFIED",
    signal?: AbortSignal,
  ): Promise<ListedService[]> {
    const { services } = await this.channel.call(methods.ListServices, {}, { signal });
    const all = services.map(readService);
    return type === "UNSPECIFIED" ? all : all.filter((service) => service.type === type);
  }

  close(): void {
    this.channel.close();
  }
}

const TYPES: readonly ServiceType[] = [
  "UNSPECIFIED",
  "SOURCE",
  "PROCESSOR",
  "CONSUMER",
  "PIPELINE",
];

function readType(type: number): ServiceType {
  return TYPES[type] ?? "UNSPECIFIED";
}

/** The endpoint goes where control planes look for it; see ServiceInfo in proto/flowctl.proto. */
function writeInfo(registration: Registration): legacy.ServiceInfo {
  return {
    serviceId: registration.id,
    serviceType: TYPES.indexOf(registration.type),
    inputEventTypes: [...registration.inputEventTypes],
    outputEventTypes: [...registration.outputEventTypes],
    healthEndpoint: registration.endpoint,
    maxInflight: registration.maxInflight,
    metadata: registration.metadata,
    componentId: registration.id,
  };
}

/** What this protocol does not tell is empty. */
function readService(status: legacy.ServiceStatus): ListedService {
  const metrics: Record<string, string> = {};
  for (const [name, value] of Object.entries(status.metrics)) metrics[name] = String(value);
  return {
    id: status.serviceId,
    name: status.componentId || status.serviceId,
    description: "",
    version: "",
    type: readType(status.serviceType),
    inputEventTypes: [],
    outputEventTypes: [],
    endpoint: "",
    metadata: {},
    maxInflight: 0,
    status: status.isHealthy ? "HEALTHY" : "UNHEALTHY",
    metrics,
    registeredAt: 0,
    lastHeartbeatAt: status.lastHeartbeat ?? 0,
  };
}
