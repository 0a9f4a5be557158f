// Generated from proto/flowctl.proto by: deno run --allow-read=proto --allow-write=flowctl/protocol/legacy_generated.ts --allow-env flowctl/protocol/generate_messages.ts flowctl/protocol/legacy_generated.ts flowctl.proto
import { grpcMethod, ProtoReader, ProtoWriter } from "../../grpc/mod.ts";
import { timestamp } from "./timestamp.ts";
import { empty } from "./empty.ts";
import { emptyMap, type Message } from "./message.ts";

/** Where in a pipeline a service stands. */
export const ServiceType = {
  /** SERVICE_TYPE_UNSPECIFIED. */
  UNSPECIFIED: 0,
  /** SERVICE_TYPE_SOURCE. */
  SOURCE: 1,
  /** SERVICE_TYPE_PROCESSOR. */
  PROCESSOR: 2,
  /** SERVICE_TYPE_SINK. */
  SINK: 3,
  /** SERVICE_TYPE_PIPELINE. */
  PIPELINE: 4,
} as const;

/** How far a run has come. */
export const RunStatus = {
  /** RUN_STATUS_UNKNOWN. */
  UNKNOWN: 0,
  /** RUN_STATUS_STARTING. */
  STARTING: 1,
  /** RUN_STATUS_RUNNING. */
  RUNNING: 2,
  /** RUN_STATUS_COMPLETED. */
  COMPLETED: 3,
  /** RUN_STATUS_FAILED. */
  FAILED: 4,
  /** RUN_STATUS_STOPPED. */
  STOPPED: 5,
} as const;

/** What a service says of itself. */
export interface ServiceInfo {
  /** Field 1, `service_id`. */
  serviceId: string;
  /** Field 2, `service_type`. */
  serviceType: number;
  /** Field 3, `input_event_types`. */
  inputEventTypes: string[];
  /** Field 4, `output_event_types`. */
  outputEventTypes: string[];
  /** Known as the endpoint in flowctl.v1. */
  healthEndpoint: string;
  /** Most events that it takes at once. */
  maxInflight: number;
  /** Field 7, `metadata`. */
  metadata: Record<string, string>;
  /** The id where service_id is empty. */
  componentId: string;
}

/** Makes, writes and reads {@linkcode ServiceInfo}. */
export const serviceInfo: Message<ServiceInfo> = {
  create: (fields) => ({
    serviceId: "",
    serviceType: 0,
    inputEventTypes: [],
    outputEventTypes: [],
    healthEndpoint: "",
    maxInflight: 0,
    metadata: emptyMap(),
    componentId: "",
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.serviceId);
    w.integer(2, m.serviceType);
    for (const value of m.inputEventTypes) w.stringElement(3, value);
    for (const value of m.outputEventTypes) w.stringElement(4, value);
    w.string(5, m.healthEndpoint);
    w.integer(6, m.maxInflight);
    for (const [key, value] of Object.entries(m.metadata)) {
      w.bytes(7, new ProtoWriter().string(1, key).string(2, value).finish(), true);
    }
    w.string(8, m.componentId);
    return w.finish();
  },
  decode: (bytes) => {
    const m = serviceInfo.create();
    const reader = new ProtoReader(bytes, "ServiceInfo");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.serviceId = reader.string();
          break;
        case 2:
          m.serviceType = reader.integer();
          break;
        case 3:
          m.inputEventTypes.push(reader.string());
          break;
        case 4:
          m.outputEventTypes.push(reader.string());
          break;
        case 5:
          m.healthEndpoint = reader.string();
          break;
        case 6:
          m.maxInflight = reader.integer();
          break;
        case 7: {
          const r = new ProtoReader(reader.bytes(), "ServiceInfo.metadata");
          let [key, value]: [string, string] = ["", ""];
          for (let field; (field = r.next()) !== 0;) {
            if (field === 1) key = r.string();
            else if (field === 2) value = r.string();
          }
          m.metadata[key] = value;
          break;
        }
        case 8:
          m.componentId = reader.string();
          break;
      }
    }
    return m;
  },
};

/** flowctl.RegistrationAck. */
export interface RegistrationAck {
  /** Field 1, `service_id`. */
  serviceId: string;
  /** Field 2, `topic_names`. */
  topicNames: string[];
  /** control_plane_endpoint, and by each input event type the endpoints that serve it. */
  connectionInfo: Record<string, string>;
}

/** Makes, writes and reads {@linkcode RegistrationAck}. */
export const registrationAck: Message<RegistrationAck> = {
  create: (fields) => ({
    serviceId: "",
    topicNames: [],
    connectionInfo: emptyMap(),
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.serviceId);
    for (const value of m.topicNames) w.stringElement(2, value);
    for (const [key, value] of Object.entries(m.connectionInfo)) {
      w.bytes(3, new ProtoWriter().string(1, key).string(2, value).finish(), true);
    }
    return w.finish();
  },
  decode: (bytes) => {
    const m = registrationAck.create();
    const reader = new ProtoReader(bytes, "RegistrationAck");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.serviceId = reader.string();
          break;
        case 2:
          m.topicNames.push(reader.string());
          break;
        case 3: {
          const r = new ProtoReader(reader.bytes(), "RegistrationAck.connection_info");
          let [key, value]: [string, string] = ["", ""];
          for (let field; (field = r.next()) !== 0;) {
            if (field === 1) key = r.string();
            else if (field === 2) value = r.string();
          }
          m.connectionInfo[key] = value;
          break;
        }
      }
    }
    return m;
  },
};

/** flowctl.ServiceHeartbeat. */
export interface ServiceHeartbeat {
  /** Field 1, `service_id`. */
  serviceId: string;
  /** Field 2, `timestamp`. */
  timestamp?: number | undefined;
  /** Merged into those of earlier heartbeats. */
  metrics: Record<string, number>;
}

/** Makes, writes and reads {@linkcode ServiceHeartbeat}. */
export const serviceHeartbeat: Message<ServiceHeartbeat> = {
  create: (fields) => ({
    serviceId: "",
    metrics: emptyMap(),
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.serviceId);
    if (m.timestamp !== undefined) w.bytes(2, timestamp.encode(m.timestamp), true);
    for (const [key, value] of Object.entries(m.metrics)) {
      w.bytes(3, new ProtoWriter().string(1, key).double(2, value).finish(), true);
    }
    return w.finish();
  },
  decode: (bytes) => {
    const m = serviceHeartbeat.create();
    const reader = new ProtoReader(bytes, "ServiceHeartbeat");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.serviceId = reader.string();
          break;
        case 2:
          m.timestamp = timestamp.decode(reader.bytes());
          break;
        case 3: {
          const r = new ProtoReader(reader.bytes(), "ServiceHeartbeat.metrics");
          let [key, value]: [string, number] = ["", 0];
          for (let field; (field = r.next()) !== 0;) {
            if (field === 1) key = r.string();
            else if (field === 2) value = r.double();
          }
          m.metrics[key] = value;
          break;
        }
      }
    }
    return m;
  },
};

/** flowctl.ServiceStatus. */
export interface ServiceStatus {
  /** Field 1, `service_id`. */
  serviceId: string;
  /** Field 2, `service_type`. */
  serviceType: number;
  /** Field 3, `is_healthy`. */
  isHealthy: boolean;
  /** Field 4, `last_heartbeat`. */
  lastHeartbeat?: number | undefined;
  /** Field 5, `metrics`. */
  metrics: Record<string, number>;
  /** Field 6, `component_id`. */
  componentId: string;
}

/** Makes, writes and reads {@linkcode ServiceStatus}. */
export const serviceStatus: Message<ServiceStatus> = {
  create: (fields) => ({
    serviceId: "",
    serviceType: 0,
    isHealthy: false,
    metrics: emptyMap(),
    componentId: "",
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.serviceId);
    w.integer(2, m.serviceType);
    w.bool(3, m.isHealthy);
    if (m.lastHeartbeat !== undefined) w.bytes(4, timestamp.encode(m.lastHeartbeat), true);
    for (const [key, value] of Object.entries(m.metrics)) {
      w.bytes(5, new ProtoWriter().string(1, key).double(2, value).finish(), true);
    }
    w.string(6, m.componentId);
    return w.finish();
  },
  decode: (bytes) => {
    const m = serviceStatus.create();
    const reader = new ProtoReader(bytes, "ServiceStatus");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.serviceId = reader.string();
          break;
        case 2:
          m.serviceType = reader.integer();
          break;
        case 3:
          m.isHealthy = reader.bool();
          break;
        case 4:
          m.lastHeartbeat = timestamp.decode(reader.bytes());
          break;
        case 5: {
          const r = new ProtoReader(reader.bytes(), "ServiceStatus.metrics");
          let [key, value]: [string, number] = ["", 0];
          for (let field; (field = r.next()) !== 0;) {
            if (field === 1) key = r.string();
            else if (field === 2) value = r.double();
          }
          m.metrics[key] = value;
          break;
        }
        case 6:
          m.componentId = reader.string();
          break;
      }
    }
    return m;
  },
};

/** flowctl.ServiceList. */
export interface ServiceList {
  /** Field 1, `services`. */
  services: ServiceStatus[];
}

/** Makes, writes and reads {@linkcode ServiceList}. */
export const serviceList: Message<ServiceList> = {
  create: (fields) => ({
    services: [],
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    for (const value of m.services) w.bytes(1, serviceStatus.encode(value), true);
    return w.finish();
  },
  decode: (bytes) => {
    const m = serviceList.create();
    const reader = new ProtoReader(bytes, "ServiceList");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.services.push(serviceStatus.decode(reader.bytes()));
          break;
      }
    }
    return m;
  },
};

/** What went through one component in a run. */
export interface ComponentMetrics {
  /** Field 1, `events_in`. */
  eventsIn: number;
  /** Field 2, `events_out`. */
  eventsOut: number;
  /** Field 3, `bytes_in`. */
  bytesIn: number;
  /** Field 4, `bytes_out`. */
  bytesOut: number;
  /** Field 5, `processing_time_ms`. */
  processingTimeMs: number;
}

/** Makes, writes and reads {@linkcode ComponentMetrics}. */
export const componentMetrics: Message<ComponentMetrics> = {
  create: (fields) => ({
    eventsIn: 0,
    eventsOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    processingTimeMs: 0,
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.integer(1, m.eventsIn);
    w.integer(2, m.eventsOut);
    w.integer(3, m.bytesIn);
    w.integer(4, m.bytesOut);
    if (m.processingTimeMs !== 0) w.double(5, m.processingTimeMs);
    return w.finish();
  },
  decode: (bytes) => {
    const m = componentMetrics.create();
    const reader = new ProtoReader(bytes, "ComponentMetrics");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.eventsIn = reader.integer();
          break;
        case 2:
          m.eventsOut = reader.integer();
          break;
        case 3:
          m.bytesIn = reader.integer();
          break;
        case 4:
          m.bytesOut = reader.integer();
          break;
        case 5:
          m.processingTimeMs = reader.double();
          break;
      }
    }
    return m;
  },
};

/** What went through a run. */
export interface RunMetrics {
  /** Field 1, `events_processed`. */
  eventsProcessed: number;
  /** Field 2, `events_per_second`. */
  eventsPerSecond: number;
  /** Field 3, `bytes_processed`. */
  bytesProcessed: number;
  /** Field 4, `component_metrics`. */
  componentMetrics: Record<string, ComponentMetrics>;
}

/** Makes, writes and reads {@linkcode RunMetrics}. */
export const runMetrics: Message<RunMetrics> = {
  create: (fields) => ({
    eventsProcessed: 0,
    eventsPerSecond: 0,
    bytesProcessed: 0,
    componentMetrics: emptyMap(),
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.integer(1, m.eventsProcessed);
    if (m.eventsPerSecond !== 0) w.double(2, m.eventsPerSecond);
    w.integer(3, m.bytesProcessed);
    for (const [key, value] of Object.entries(m.componentMetrics)) {
      w.bytes(4, new ProtoWriter().string(1, key).bytes(2, componentMetrics.encode(value), true).finish(), true);
    }
    return w.finish();
  },
  decode: (bytes) => {
    const m = runMetrics.create();
    const reader = new ProtoReader(bytes, "RunMetrics");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.eventsProcessed = reader.integer();
          break;
        case 2:
          m.eventsPerSecond = reader.double();
          break;
        case 3:
          m.bytesProcessed = reader.integer();
          break;
        case 4: {
          const r = new ProtoReader(reader.bytes(), "RunMetrics.component_metrics");
          let [key, value]: [string, ComponentMetrics] = ["", componentMetrics.decode(new Uint8Array(0))];
          for (let field; (field = r.next()) !== 0;) {
            if (field === 1) key = r.string();
            else if (field === 2) value = componentMetrics.decode(r.bytes());
          }
          m.componentMetrics[key] = value;
          break;
        }
      }
    }
    return m;
  },
};

/** flowctl.PipelineRun. */
export interface PipelineRun {
  /** Field 1, `run_id`. */
  runId: string;
  /** Field 2, `pipeline_id`. */
  pipelineId: string;
  /** Field 3, `pipeline_name`. */
  pipelineName: string;
  /** Field 4, `status`. */
  status: number;
  /** Field 5, `start_time`. */
  startTime?: number | undefined;
  /** Field 6, `end_time`. */
  endTime?: number | undefined;
  /** Field 7, `config_yaml`. */
  configYaml: string;
  /** Field 8, `metrics`. */
  metrics?: RunMetrics | undefined;
  /** Field 9, `error`. */
  error: string;
  /** Field 10, `component_ids`. */
  componentIds: string[];
}

/** Makes, writes and reads {@linkcode PipelineRun}. */
export const pipelineRun: Message<PipelineRun> = {
  create: (fields) => ({
    runId: "",
    pipelineId: "",
    pipelineName: "",
    status: 0,
    configYaml: "",
    error: "",
    componentIds: [],
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.runId);
    w.string(2, m.pipelineId);
    w.string(3, m.pipelineName);
    w.integer(4, m.status);
    if (m.startTime !== undefined) w.bytes(5, timestamp.encode(m.startTime), true);
    if (m.endTime !== undefined) w.bytes(6, timestamp.encode(m.endTime), true);
    w.string(7, m.configYaml);
    if (m.metrics !== undefined) w.bytes(8, runMetrics.encode(m.metrics), true);
    w.string(9, m.error);
    for (const value of m.componentIds) w.stringElement(10, value);
    return w.finish();
  },
  decode: (bytes) => {
    const m = pipelineRun.create();
    const reader = new ProtoReader(bytes, "PipelineRun");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.runId = reader.string();
          break;
        case 2:
          m.pipelineId = reader.string();
          break;
        case 3:
          m.pipelineName = reader.string();
          break;
        case 4:
          m.status = reader.integer();
          break;
        case 5:
          m.startTime = timestamp.decode(reader.bytes());
          break;
        case 6:
          m.endTime = timestamp.decode(reader.bytes());
          break;
        case 7:
          m.configYaml = reader.string();
          break;
        case 8:
          m.metrics = runMetrics.decode(reader.bytes());
          break;
        case 9:
          m.error = reader.string();
          break;
        case 10:
          m.componentIds.push(reader.string());
          break;
      }
    }
    return m;
  },
};

/** flowctl.CreatePipelineRunRequest. */
export interface CreatePipelineRunRequest {
  /** Field 1, `run_id`. */
  runId: string;
  /** Field 2, `pipeline_name`. */
  pipelineName: string;
  /** Field 3, `config_yaml`. */
  configYaml: string;
  /** Field 4, `component_ids`. */
  componentIds: string[];
}

/** Makes, writes and reads {@linkcode CreatePipelineRunRequest}. */
export const createPipelineRunRequest: Message<CreatePipelineRunRequest> = {
  create: (fields) => ({
    runId: "",
    pipelineName: "",
    configYaml: "",
    componentIds: [],
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.runId);
    w.string(2, m.pipelineName);
    w.string(3, m.configYaml);
    for (const value of m.componentIds) w.stringElement(4, value);
    return w.finish();
  },
  decode: (bytes) => {
    const m = createPipelineRunRequest.create();
    const reader = new ProtoReader(bytes, "CreatePipelineRunRequest");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.runId = reader.string();
          break;
        case 2:
          m.pipelineName = reader.string();
          break;
        case 3:
          m.configYaml = reader.string();
          break;
        case 4:
          m.componentIds.push(reader.string());
          break;
      }
    }
    return m;
  },
};

/** flowctl.UpdatePipelineRunRequest. */
export interface UpdatePipelineRunRequest {
  /** Field 1, `run_id`. */
  runId: string;
  /** Field 2, `status`. */
  status: number;
  /** Field 3, `metrics`. */
  metrics?: RunMetrics | undefined;
  /** Field 4, `error`. */
  error: string;
}

/** Makes, writes and reads {@linkcode UpdatePipelineRunRequest}. */
export const updatePipelineRunRequest: Message<UpdatePipelineRunRequest> = {
  create: (fields) => ({
    runId: "",
    status: 0,
    error: "",
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.runId);
    w.integer(2, m.status);
    if (m.metrics !== undefined) w.bytes(3, runMetrics.encode(m.metrics), true);
    w.string(4, m.error);
    return w.finish();
  },
  decode: (bytes) => {
    const m = updatePipelineRunRequest.create();
    const reader = new ProtoReader(bytes, "UpdatePipelineRunRequest");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.runId = reader.string();
          break;
        case 2:
          m.status = reader.integer();
          break;
        case 3:
          m.metrics = runMetrics.decode(reader.bytes());
          break;
        case 4:
          m.error = reader.string();
          break;
      }
    }
    return m;
  },
};

/** flowctl.GetPipelineRunRequest. */
export interface GetPipelineRunRequest {
  /** Field 1, `run_id`. */
  runId: string;
}

/** Makes, writes and reads {@linkcode GetPipelineRunRequest}. */
export const getPipelineRunRequest: Message<GetPipelineRunRequest> = {
  create: (fields) => ({
    runId: "",
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.runId);
    return w.finish();
  },
  decode: (bytes) => {
    const m = getPipelineRunRequest.create();
    const reader = new ProtoReader(bytes, "GetPipelineRunRequest");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.runId = reader.string();
          break;
      }
    }
    return m;
  },
};

/** flowctl.ListPipelineRunsRequest. */
export interface ListPipelineRunsRequest {
  /** Empty: any. */
  pipelineName: string;
  /** UNKNOWN: any. */
  status: number;
  /** Most runs in the answer; 0: a hundred. */
  limit: number;
}

/** Makes, writes and reads {@linkcode ListPipelineRunsRequest}. */
export const listPipelineRunsRequest: Message<ListPipelineRunsRequest> = {
  create: (fields) => ({
    pipelineName: "",
    status: 0,
    limit: 0,
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.pipelineName);
    w.integer(2, m.status);
    w.integer(3, m.limit);
    return w.finish();
  },
  decode: (bytes) => {
    const m = listPipelineRunsRequest.create();
    const reader = new ProtoReader(bytes, "ListPipelineRunsRequest");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.pipelineName = reader.string();
          break;
        case 2:
          m.status = reader.integer();
          break;
        case 3:
          m.limit = reader.integer();
          break;
      }
    }
    return m;
  },
};

/** flowctl.ListPipelineRunsResponse. */
export interface ListPipelineRunsResponse {
  /** Field 1, `runs`. */
  runs: PipelineRun[];
}

/** Makes, writes and reads {@linkcode ListPipelineRunsResponse}. */
export const listPipelineRunsResponse: Message<ListPipelineRunsResponse> = {
  create: (fields) => ({
    runs: [],
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    for (const value of m.runs) w.bytes(1, pipelineRun.encode(value), true);
    return w.finish();
  },
  decode: (bytes) => {
    const m = listPipelineRunsResponse.create();
    const reader = new ProtoReader(bytes, "ListPipelineRunsResponse");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.runs.push(pipelineRun.decode(reader.bytes()));
          break;
      }
    }
    return m;
  },
};

/** flowctl.StopPipelineRunRequest. */
export interface StopPipelineRunRequest {
  /** Field 1, `run_id`. */
  runId: string;
}

/** Makes, writes and reads {@linkcode StopPipelineRunRequest}. */
export const stopPipelineRunRequest: Message<StopPipelineRunRequest> = {
  create: (fields) => ({
    runId: "",
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.runId);
    return w.finish();
  },
  decode: (bytes) => {
    const m = stopPipelineRunRequest.create();
    const reader = new ProtoReader(bytes, "StopPipelineRunRequest");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.runId = reader.string();
          break;
      }
    }
    return m;
  },
};

/** Full name of the service. */
export const CONTROL_PLANE_NAME = "flowctl.ControlPlane";

/** The methods of flowctl.ControlPlane, for server and client. */
export const controlPlaneMethods = {
  /** Makes a service known, or replaces what is known of it. */
  Register: grpcMethod(CONTROL_PLANE_NAME, "Register", serviceInfo, registrationAck),
  /** Says that a service is alive. */
  Heartbeat: grpcMethod(CONTROL_PLANE_NAME, "Heartbeat", serviceHeartbeat, empty),
  /** One service by its id; NOT_FOUND when it is not known. */
  GetServiceStatus: grpcMethod(CONTROL_PLANE_NAME, "GetServiceStatus", serviceInfo, serviceStatus),
  /** All services, those that are not healthy too. */
  ListServices: grpcMethod(CONTROL_PLANE_NAME, "ListServices", empty, serviceList),
  /** Notes a run of a pipeline, which is STARTING. */
  CreatePipelineRun: grpcMethod(CONTROL_PLANE_NAME, "CreatePipelineRun", createPipelineRunRequest, pipelineRun),
  /** Notes status, metrics and error of a run. */
  UpdatePipelineRun: grpcMethod(CONTROL_PLANE_NAME, "UpdatePipelineRun", updatePipelineRunRequest, pipelineRun),
  /** One run by its id; NOT_FOUND when it is not known. */
  GetPipelineRun: grpcMethod(CONTROL_PLANE_NAME, "GetPipelineRun", getPipelineRunRequest, pipelineRun),
  /** Runs, the latest first. */
  ListPipelineRuns: grpcMethod(CONTROL_PLANE_NAME, "ListPipelineRuns", listPipelineRunsRequest, listPipelineRunsResponse),
  /** Notes that a run was stopped. */
  StopPipelineRun: grpcMethod(CONTROL_PLANE_NAME, "StopPipelineRun", stopPipelineRunRequest, pipelineRun),
};
