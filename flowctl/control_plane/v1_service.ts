import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { GrpcError } from "../../grpc/mod.ts";
import { v1 } from "../protocol/mod.ts";
import type { CallGuard } from "./call_guard.ts";
import type { ControlPlaneState } from "./control_plane_state.ts";
import {
  assignedTopics,
  type Service,
  SERVICE_STATUSES,
  type ServiceStatus,
  type ServiceType,
} from "../service/mod.ts";

const methods = v1.controlPlaneServiceMethods;

/** flowctl.v1.ControlPlaneService over the state. */
export function v1Service(
  state: ControlPlaneState,
  guard: CallGuard,
): UntypedServiceImplementation {
  const { registry } = state;
  return {
    RegisterComponent: guard.unary(
      methods.RegisterComponent,
      ({ component, componentId }, caller) => {
        if (component === undefined) {
          throw new GrpcError("INVALID_ARGUMENT", "component must be set");
        }
        const { type, ...info } = component;
        const registration = {
          ...info,
          id: componentId || component.id,
          type: readType(type),
          maxInflight: 0,
        };
        const service = registry.register(registration, `COMPONENT_TYPE_${registration.type}`);
        return () => ({
          serviceId: service.id,
          assignedTopics: assignedTopics(service),
          connectionInfo: state.connectionInfo(service, caller.authority),
        });
      },
    ),
    UnregisterComponent: guard.acknowledged(
      methods.UnregisterComponent,
      ({ serviceId }) => registry.unregister(serviceId),
    ),
    DiscoverComponents: guard.unary(
      methods.DiscoverComponents,
      ({ type, eventTypes, metadataFilters }) => {
        const query = { type: readFilter(type), eventTypes, metadata: metadataFilters };
        return () => ({ components: registry.discover(query).map(writeInfo) });
      },
    ),
    Heartbeat: guard.acknowledged(
      methods.Heartbeat,
      ({ serviceId, status, metrics }) =>
        registry.heartbeat(serviceId, { status: readStatus(status), metrics }),
    ),
    GetComponentStatus: guard.unary(methods.GetComponentStatus, ({ serviceId }) => {
      const service = registry.get(serviceId);
      return () => writeStatus(service);
    }),
    ListComponents: guard.unary(
      methods.ListComponents,
      ({ typeFilter, includeUnhealthy }) => {
        const type = readFilter(typeFilter);
        const isListed = (service: Service) =>
          (type === undefined || service.type === type) &&
          (includeUnhealthy || service.status === "HEALTHY");
        return () => ({ components: registry.services().filter(isListed).map(writeStatus) });
      },
    ),
  };
}

const TYPES: readonly ServiceType[] = ["UNSPECIFIED", "SOURCE", "PROCESSOR", "CONSUMER"];

function readType(type: number): ServiceType {
  const known = TYPES[type];
  if (known !== undefined) return known;
  const values = Object.entries(v1.ComponentType).map(([name, number]) => `${name} (${number})`);
  throw new GrpcError("INVALID_ARGUMENT", `type ${type} is not one of ${values.join(", ")}`);
}

function readFilter(type: number): ServiceType | undefined {
  return type === v1.ComponentType.UNSPECIFIED ? undefined : readType(type);
}

/** Types of the older protocol that this one lacks are UNSPECIFIED. */
function writeType(type: ServiceType): number {
  return Math.max(0, TYPES.indexOf(type));
}

/** UNKNOWN, and what a later version may send, say only that the service is alive. */
function readStatus(status: number): ServiceStatus | undefined {
  return SERVICE_STATUSES[status - 1];
}

function writeInfo(service: Service): v1.ComponentInfo {
  const { id, name, description, version, type, endpoint, metadata } = service;
  return {
    id,
    name,
    description,
    version,
    type: writeType(type),
    inputEventTypes: [...service.inputEventTypes],
    outputEventTypes: [...service.outputEventTypes],
    endpoint,
    metadata,
  };
}

function writeStatus(service: Service): v1.ComponentStatusResponse {
  return {
    component: writeInfo(service),
    status: SERVICE_STATUSES.indexOf(service.status) + 1,
    lastHeartbeat: service.lastHeartbeatAt,
    metrics: service.metrics,
    registeredAt: service.registeredAt,
  };
}
