import { v1 } from "../protocol/mod.ts";
import {
  type Registration,
  SERVICE_STATUSES,
  type ServiceStatus,
  type ServiceType,
} from "../control_plane/mod.ts";
import type {
  ControlPlaneClient,
  Heartbeat,
  ListedService,
  Registered,
  ServiceFilter,
} from "./control_plane_client.ts";
import type { GrpcChannel } from "./grpc_channel.ts";
import { REGISTER_TIMEOUT_MS } from "./limits.ts";

const methods = v1.controlPlaneServiceMethods;

/** A control plane that speaks flowctl.v1.ControlPlaneService. */
export class V1Client implements ControlPlaneClient {
  readonly protocol = "v1";

  constructor(private readonly channel: GrpcChannel) {}

  async register(registration: Registration, signal?: AbortSignal): Promise<Registered> {
    const { id } = registration;
    const request = { component: writeInfo(registration), componentId: id };
    const bounds = { signal, timeoutMs: REGISTER_TIMEOUT_MS };
    return await this.channel.call(methods.RegisterComponent, request, bounds);
  }

  async heartbeat(
    { serviceId, status, metrics }: Heartbeat,
    signal?: AbortSignal,
  ): Promise<void> {
    const texts: Record<string, string> = {};
    for (const [name, value] of Object.entries(metrics)) texts[name] = String(value);
    const request = { serviceId, status: writeStatus(status), metrics: texts };
    await this.channel.call(methods.Heartbeat, request, { signal });
  }

  async unregister(serviceId: string, signal?: AbortSignal): Promise<void> {
    await this.channel.call(methods.UnregisterComponent, { serviceId }, { signal });
  }

  async discover(
    { type = "UNSPECIFIED", eventTypes = [], metadata = {} }: ServiceFilter,
    signal?: AbortSignal,
  ): Promise<Registration[]> {
    const request = {
      type: writeType(type),
      eventTypes: [...eventTypes],
      metadataFilters: metadata,
    };
    const answer = await this.channel.call(methods.DiscoverComponents, request, { signal });
    return answer.components.map(readInfo);
  }

  async status(serviceId: string, signal?: AbortSignal): Promise<ListedService> {
    return readService(
      await this.channel.call(methods.GetComponentStatus, { serviceId }, { signal }),
    );
  }

  async list(
    type: ServiceType = "UNSPECIFIED",
    signal?: AbortSignal,
  ): Promise<ListedService[]> {
    const request = { typeFilter: writeType(type), includeUnhealthy: true };
    const answer = await this.channel.call(methods.ListComponents, request, { signal });
    return answer.components.map(readService);
  }

  close(): void {
    this.channel.close();
  }
}

const TYPES: readonly ServiceType[] = ["UNSPECIFIED", "SOURCE", "PROCESSOR", "CONSUMER"];

/** Types that this protocol lacks are UNSPECIFIED. */
function writeType(type: ServiceType): number {
  return Math.max(0, TYPES.indexOf(type));
}

function readType(type: number): ServiceType {
  return TYPES[type] ?? "UNSPECIFIED";
}

/** Without a status: UNKNOWN, which leaves what is known. */
function writeStatus(status: ServiceStatus | undefined): number {
  return status === undefined ? v1.HealthStatus.UNKNOWN : SERVICE_STATUSES.indexOf(status) + 1;
}

/** What a later version may send, and UNKNOWN, say nothing of whether the service works. */
function readStatus(status: number): ServiceStatus {
  return SERVICE_STATUSES[status - 1] ?? "STARTING";
}

function writeInfo({ type, maxInflight: _, ...registration }: Registration): v1.ComponentInfo {
  return {
    ...registration,
    type: writeType(type),
    inputEventTypes: [...registration.inputEventTypes],
    outputEventTypes: [...registration.outputEventTypes],
  };
}

function readInfo(info: v1.ComponentInfo): Registration {
  return { ...info, type: readType(info.type), maxInflight: 0 };
}

function readService(answer: v1.ComponentStatusResponse): ListedService {
  return {
    ...readInfo(answer.component ?? v1.componentInfo.create()),
    status: readStatus(answer.status),
    metrics: answer.metrics,
    registeredAt: answer.registeredAt ?? 0,
    lastHeartbeatAt: answer.lastHeartbeat ?? 0,
  };
}
