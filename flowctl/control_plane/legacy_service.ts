import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { GrpcError } from "../../grpc/mod.ts";
import { legacy } from "../protocol/mod.ts";
import type { CallGuard } from "./call_guard.ts";
import type { ControlPlaneState } from "./control_plane_state.ts";
import { type PipelineRun, RUN_STATUSES, type RunStatus } from "./pipeline_run.ts";
import { assignedTopics, isWorking, type Service, type ServiceType } from "../service/mod.ts";

/** flowctl.ControlPlane, the older service, over the state. */
export function legacyService(
  state: ControlPlaneState,
  guard: CallGuard,
): UntypedServiceImplementation {
  const { registry, runs } = state;
  return {
    Register: guard.unary(
      "Register",
      (info: legacy.ServiceInfo, caller): legacy.RegistrationAck => {
        const type = readType(info.serviceType);
        const registration = {
          id: info.serviceId || info.componentId,
          name: info.componentId || info.serviceId,
          description: "",
          version: "",
          type,
          inputEventTypes: info.inputEventTypes,
          outputEventTypes: info.outputEventTypes,
          endpoint: info.healthEndpoint,
          metadata: info.metadata,
          maxInflight: info.maxInflight,
        };
        const service = registry.register(registration, `SERVICE_TYPE_${nameOf(type)}`);
        return {
          serviceId: service.id,
          topicNames: assignedTopics(service),
          connectionInfo: state.connectionInfo(service, caller.authority),
        };
      },
    ),
    Heartbeat: guard.unary("Heartbeat", ({ serviceId, metrics }: legacy.ServiceHeartbeat) => {
      registry.heartbeat(serviceId, { metrics: mapValues(metrics, String) });
      return {};
    }),
    GetServiceStatus: guard.unary(
      "GetServiceStatus",
      ({ serviceId, componentId }: legacy.ServiceInfo) =>
        writeStatus(registry.get(serviceId || componentId)),
    ),
    ListServices: guard.unary(
      "ListServices",
      (): legacy.ServiceList => ({ services: registry.services().map(writeStatus) }),
    ),
    CreatePipelineRun: guard.unary(
      "CreatePipelineRun",
      (run: legacy.CreatePipelineRunRequest) => writeRun(runs.create(run)),
    ),
    UpdatePipelineRun: guard.unary(
      "UpdatePipelineRun",
      ({ runId, status, metrics, error }: legacy.UpdatePipelineRunRequest) =>
        writeRun(runs.update(runId, {
          status: readRunStatus(status),
          ...(metrics === undefined ? {} : { metrics }),
          error,
        })),
    ),
    GetPipelineRun: guard.unary(
      "GetPipelineRun",
      ({ runId }: legacy.GetPipelineRunRequest) => writeRun(runs.get(runId)),
    ),
    ListPipelineRuns: guard.unary(
      "ListPipelineRuns",
      (query: legacy.ListPipelineRunsRequest): legacy.ListPipelineRunsResponse => {
        const found = runs.list({ ...query, status: readRunStatus(query.status) });
        return { runs: found.map(writeRun) };
      },
    ),
    StopPipelineRun: guard.unary(
      "StopPipelineRun",
      ({ runId }: legacy.StopPipelineRunRequest) => writeRun(runs.stop(runId)),
    ),
  };
}

const TYPES: readonly ServiceType[] = [
  "UNSPECIFIED",
  "SOURCE",
  "PROCESSOR",
  "CONSUMER",
  "PIPELINE",
];

function readType(type: number): ServiceType {
  const known = TYPES[type];
  if (known !== undefined) return known;
  const values = Object.entries(legacy.ServiceType).map(([name, number]) => `${name} (${number})`);
  throw new GrpcError(
    "INVALID_ARGUMENT",
    `service_type ${type} is not one of ${values.join(", ")}`,
  );
}

function writeType(type: ServiceType): number {
  return TYPES.indexOf(type);
}

/** The name in this protocol: what is a CONSUMER in flowctl.v1 is a SINK here. */
function nameOf(type: ServiceType): string {
  return type === "CONSUMER" ? "SINK" : type;
}

function writeStatus(service: Service): legacy.ServiceStatus {
  return {
    serviceId: service.id,
    serviceType: writeType(service.type),
    isHealthy: isWorking(service),
    lastHeartbeat: service.lastHeartbeatAt,
    metrics: numbersOf(service.metrics),
    componentId: service.id,
  };
}

/** Metrics of flowctl.v1 are texts; those that are no numbers have no place here. */
function numbersOf(metrics: Readonly<Record<string, string>>): Record<string, number> {
  const numbers: Record<string, number> = Object.create(null);
  for (const [name, text] of Object.entries(metrics)) {
    const number = text.trim() === "" ? NaN : Number(text);
    if (!Number.isNaN(number)) numbers[name] = number;
  }
  return numbers;
}

function mapValues<A, B>(map: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> {
  const mapped: Record<string, B> = Object.create(null);
  for (const [key, value] of Object.entries(map)) mapped[key] = of(value);
  return mapped;
}

/** A status of a later version says nothing here, as UNKNOWN does. */
function readRunStatus(status: number): RunStatus {
  return RUN_STATUSES[status] ?? "UNKNOWN";
}

function writeRun(run: PipelineRun): legacy.PipelineRun {
  const { runId, pipelineName, startTime, endTime, configYaml, metrics, error } = run;
  return {
    runId,
    pipelineId: pipelineName,
    pipelineName,
    status: RUN_STATUSES.indexOf(run.status),
    startTime,
    endTime,
    configYaml,
    metrics: metrics === undefined
      ? undefined
      : { ...metrics, componentMetrics: { ...metrics.componentMetrics } },
    error,
    componentIds: [...run.componentIds],
  };
}
