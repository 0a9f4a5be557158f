import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { legacy } from "../protocol/mod.ts";
import type { CallGuard } from "./call_guard.ts";
import type { ControlPlaneState } from "./control_plane_state.ts";
import { LEGACY_TYPES, legacyRegistration } from "./legacy_registration.ts";
import { MAX_ANSWER_BYTES } from "./limits.ts";
import { type PipelineRun, RUN_STATUSES, type RunStatus } from "./pipeline_run.ts";
import { assignedTopics, isWorking, type Service } from "../service/mod.ts";

const methods = legacy.controlPlaneMethods;

/** flowctl.ControlPlane, the older service, over the state. */
export function legacyService(
  state: ControlPlaneState,
  guard: CallGuard,
): UntypedServiceImplementation {
  const { registry, runs } = state;
  return {
    Register: guard.unary(
      methods.Register,
      (info, caller) => {
        const registration = legacyRegistration(info);
        // By its type's name in the newer protocol, as Go's flowctl does in both.
        const service = registry.register(registration, `COMPONENT_TYPE_${registration.type}`);
        return () => ({
          serviceId: service.id,
          topicNames: assignedTopics(service),
          connectionInfo: state.connectionInfo(service, caller.authority),
        });
      },
    ),
    Heartbeat: guard.acknowledged(
      methods.Heartbeat,
      ({ serviceId, metrics }) =>
        registry.heartbeat(serviceId, { metrics: mapValues(metrics, String) }),
    ),
    GetServiceStatus: guard.unary(methods.GetServiceStatus, ({ serviceId, componentId }) => {
      const service = registry.get(serviceId || componentId);
      return () => writeStatus(service);
    }),
    ListServices: guard.unary(
      methods.ListServices,
      () => () => ({ services: registry.services().map(writeStatus) }),
    ),
    CreatePipelineRun: guard.unary(methods.CreatePipelineRun, (request) => {
      const run = runs.create(request);
      return () => writeRun(run);
    }),
    UpdatePipelineRun: guard.unary(
      methods.UpdatePipelineRun,
      ({ runId, status, metrics, error }) => {
        const run = runs.update(runId, {
          status: readRunStatus(status),
          ...(metrics === undefined ? {} : { metrics }),
          error,
        });
        return () => writeRun(run);
      },
    ),
    GetPipelineRun: guard.unary(methods.GetPipelineRun, ({ runId }) => {
      const run = runs.get(runId);
      return () => writeRun(run);
    }),
    ListPipelineRuns: guard.unary(methods.ListPipelineRuns, (request) => {
      const query = { ...request, status: readRunStatus(request.status) };
      const found = runs.list(query);
      return () => ({ runs: fitting(found.map(writeRun)) });
    }),
    StopPipelineRun: guard.unary(methods.StopPipelineRun, ({ runId }) => {
      const run = runs.stop(runId);
      return () => writeRun(run);
    }),
  };
}

function writeStatus(service: Service): legacy.ServiceStatus {
  return {
    serviceId: service.id,
    serviceType: LEGACY_TYPES.indexOf(service.type),
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

/** As many from the first on as one answer may hold. */
function fitting(runs: readonly legacy.PipelineRun[]): legacy.PipelineRun[] {
  let bytes = 0;
  const tooMany = runs.findIndex((run) => {
    bytes += legacy.pipelineRun.encode(run).length + FIELD_BYTES;
    return bytes > MAX_ANSWER_BYTES;
  });
  return runs.slice(0, tooMany < 0 ? undefined : tooMany);
}

/** Number and length of a message of up to 256 MiB within another one. */
const FIELD_BYTES = 5;

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
