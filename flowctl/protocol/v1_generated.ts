// Generated from proto/flowctl/v1/control_plane.proto by: deno run --allow-read=proto --allow-write=flowctl/protocol/v1_generated.ts --allow-env flowctl/protocol/generate_messages.ts flowctl/protocol/v1_generated.ts flowctl/v1/control_plane.proto
import { grpcMethod, ProtoReader, ProtoWriter } from "../../grpc/mod.ts";
import { timestamp } from "./timestamp.ts";
import { empty } from "./empty.ts";
import { emptyMap, type Message } from "./message.ts";

/** Where in a pipeline a component stands. */
export const ComponentType = {
  /** COMPONENT_TYPE_UNSPECIFIED. */
  UNSPECIFIED: 0,
  /** COMPONENT_TYPE_SOURCE. */
  SOURCE: 1,
  /** COMPONENT_TYPE_PROCESSOR. */
  PROCESSOR: 2,
  /** COMPONENT_TYPE_CONSUMER. */
  CONSUMER: 3,
} as const;

/** How a component is. */
export const HealthStatus = {
  /** In a heartbeat: alive, and otherwise as before. */
  UNKNOWN: 0,
  /** HEALTH_STATUS_STARTING. */
  STARTING: 1,
  /** HEALTH_STATUS_HEALTHY. */
  HEALTHY: 2,
  /** HEALTH_STATUS_DEGRADED. */
  DEGRADED: 3,
  /** HEALTH_STATUS_UNHEALTHY. */
  UNHEALTHY: 4,
  /** HEALTH_STATUS_STOPPING. */
  STOPPING: 5,
} as const;

/** What a component says of itself. */
export interface ComponentInfo {
  /** Field 1, `id`. */
  id: string;
  /** Field 2, `name`. */
  name: string;
  /** Field 3, `description`. */
  description: string;
  /** Field 4, `version`. */
  version: string;
  /** Field 5, `type`. */
  type: number;
  /** Field 6, `input_event_types`. */
  inputEventTypes: string[];
  /** Field 7, `output_event_types`. */
  outputEventTypes: string[];
  /** Where it serves its output. */
  endpoint: string;
  /** Field 9, `metadata`. */
  metadata: Record<string, string>;
}

/** Makes, writes and reads {@linkcode ComponentInfo}. */
export const componentInfo: Message<ComponentInfo> = {
  create: (fields) => ({
    id: "",
    name: "",
    description: "",
    version: "",
    type: 0,
    inputEventTypes: [],
    outputEventTypes: [],
    endpoint: "",
    metadata: emptyMap(),
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.id);
    w.string(2, m.name);
    w.string(3, m.description);
    w.string(4, m.version);
    w.integer(5, m.type);
    for (const value of m.inputEventTypes) w.stringElement(6, value);
    for (const value of m.outputEventTypes) w.stringElement(7, value);
    w.string(8, m.endpoint);
    for (const [key, value] of Object.entries(m.metadata)) {
      w.bytes(9, new ProtoWriter().string(1, key).string(2, value).finish(), true);
    }
    return w.finish();
  },
  decode: (bytes) => {
    const m = componentInfo.create();
    const reader = new ProtoReader(bytes, "ComponentInfo");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.id = reader.string();
          break;
        case 2:
          m.name = reader.string();
          break;
        case 3:
          m.description = reader.string();
          break;
        case 4:
          m.version = reader.string();
          break;
        case 5:
          m.type = reader.integer();
          break;
        case 6:
          m.inputEventTypes.push(reader.string());
          break;
        case 7:
          m.outputEventTypes.push(reader.string());
          break;
        case 8:
          m.endpoint = reader.string();
          break;
        case 9: {
          const r = new ProtoReader(reader.bytes(), "ComponentInfo.metadata");
          let [key, value]: [string, string] = ["", ""];
          for (let field; (field = r.next()) !== 0;) {
            if (field === 1) key = r.string();
            else if (field === 2) value = r.string();
          }
          m.metadata[key] = value;
          break;
        }
      }
    }
    return m;
  },
};

/** flowctl.v1.RegisterRequest. */
export interface RegisterRequest {
  /** Field 1, `component`. */
  component?: ComponentInfo | undefined;
  /** Beats component.id. */
  componentId: string;
}

/** Makes, writes and reads {@linkcode RegisterRequest}. */
export const registerRequest: Message<RegisterRequest> = {
  create: (fields) => ({
    componentId: "",
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    if (m.component !== undefined) w.bytes(1, componentInfo.encode(m.component), true);
    w.string(2, m.componentId);
    return w.finish();
  },
  decode: (bytes) => {
    const m = registerRequest.create();
    const reader = new ProtoReader(bytes, "RegisterRequest");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.component = componentInfo.decode(reader.bytes());
          break;
        case 2:
          m.componentId = reader.string();
          break;
      }
    }
    return m;
  },
};

/** flowctl.v1.RegisterResponse. */
export interface RegisterResponse {
  /** Field 1, `service_id`. */
  serviceId: string;
  /** Field 2, `assigned_topics`. */
  assignedTopics: string[];
  /** control_plane_endpoint, and by each input event type the endpoints that serve it. */
  connectionInfo: Record<string, string>;
}

/** Makes, writes and reads {@linkcode RegisterResponse}. */
export const registerResponse: Message<RegisterResponse> = {
  create: (fields) => ({
    serviceId: "",
    assignedTopics: [],
    connectionInfo: emptyMap(),
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.serviceId);
    for (const value of m.assignedTopics) w.stringElement(2, value);
    for (const [key, value] of Object.entries(m.connectionInfo)) {
      w.bytes(3, new ProtoWriter().string(1, key).string(2, value).finish(), true);
    }
    return w.finish();
  },
  decode: (bytes) => {
    const m = registerResponse.create();
    const reader = new ProtoReader(bytes, "RegisterResponse");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.serviceId = reader.string();
          break;
        case 2:
          m.assignedTopics.push(reader.string());
          break;
        case 3: {
          const r = new ProtoReader(reader.bytes(), "RegisterResponse.connection_info");
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

/** flowctl.v1.UnregisterRequest. */
export interface UnregisterRequest {
  /** Field 1, `service_id`. */
  serviceId: string;
}

/** Makes, writes and reads {@linkcode UnregisterRequest}. */
export const unregisterRequest: Message<UnregisterRequest> = {
  create: (fields) => ({
    serviceId: "",
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.serviceId);
    return w.finish();
  },
  decode: (bytes) => {
    const m = unregisterRequest.create();
    const reader = new ProtoReader(bytes, "UnregisterRequest");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.serviceId = reader.string();
          break;
      }
    }
    return m;
  },
};

/** flowctl.v1.DiscoverRequest. */
export interface DiscoverRequest {
  /** UNSPECIFIED: any. */
  type: number;
  /** Any of them, as input or output; empty: any. */
  eventTypes: string[];
  /** All of them. */
  metadataFilters: Record<string, string>;
}

/** Makes, writes and reads {@linkcode DiscoverRequest}. */
export const discoverRequest: Message<DiscoverRequest> = {
  create: (fields) => ({
    type: 0,
    eventTypes: [],
    metadataFilters: emptyMap(),
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.integer(1, m.type);
    for (const value of m.eventTypes) w.stringElement(2, value);
    for (const [key, value] of Object.entries(m.metadataFilters)) {
      w.bytes(3, new ProtoWriter().string(1, key).string(2, value).finish(), true);
    }
    return w.finish();
  },
  decode: (bytes) => {
    const m = discoverRequest.create();
    const reader = new ProtoReader(bytes, "DiscoverRequest");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.type = reader.integer();
          break;
        case 2:
          m.eventTypes.push(reader.string());
          break;
        case 3: {
          const r = new ProtoReader(reader.bytes(), "DiscoverRequest.metadata_filters");
          let [key, value]: [string, string] = ["", ""];
          for (let field; (field = r.next()) !== 0;) {
            if (field === 1) key = r.string();
            else if (field === 2) value = r.string();
          }
          m.metadataFilters[key] = value;
          break;
        }
      }
    }
    return m;
  },
};

/** flowctl.v1.DiscoverResponse. */
export interface DiscoverResponse {
  /** Field 1, `components`. */
  components: ComponentInfo[];
}

/** Makes, writes and reads {@linkcode DiscoverResponse}. */
export const discoverResponse: Message<DiscoverResponse> = {
  create: (fields) => ({
    components: [],
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    for (const value of m.components) w.bytes(1, componentInfo.encode(value), true);
    return w.finish();
  },
  decode: (bytes) => {
    const m = discoverResponse.create();
    const reader = new ProtoReader(bytes, "DiscoverResponse");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.components.push(componentInfo.decode(reader.bytes()));
          break;
      }
    }
    return m;
  },
};

/** flowctl.v1.HeartbeatRequest. */
export interface HeartbeatRequest {
  /** Field 1, `service_id`. */
  serviceId: string;
  /** Field 2, `status`. */
  status: number;
  /** Merged into those of earlier heartbeats. */
  metrics: Record<string, string>;
}

/** Makes, writes and reads {@linkcode HeartbeatRequest}. */
export const heartbeatRequest: Message<HeartbeatRequest> = {
  create: (fields) => ({
    serviceId: "",
    status: 0,
    metrics: emptyMap(),
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.serviceId);
    w.integer(2, m.status);
    for (const [key, value] of Object.entries(m.metrics)) {
      w.bytes(3, new ProtoWriter().string(1, key).string(2, value).finish(), true);
    }
    return w.finish();
  },
  decode: (bytes) => {
    const m = heartbeatRequest.create();
    const reader = new ProtoReader(bytes, "HeartbeatRequest");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.serviceId = reader.string();
          break;
        case 2:
          m.status = reader.integer();
          break;
        case 3: {
          const r = new ProtoReader(reader.bytes(), "HeartbeatRequest.metrics");
          let [key, value]: [string, string] = ["", ""];
          for (let field; (field = r.next()) !== 0;) {
            if (field === 1) key = r.string();
            else if (field === 2) value = r.string();
          }
          m.metrics[key] = value;
          break;
        }
      }
    }
    return m;
  },
};

/** flowctl.v1.ComponentStatusRequest. */
export interface ComponentStatusRequest {
  /** Field 1, `service_id`. */
  serviceId: string;
}

/** Makes, writes and reads {@linkcode ComponentStatusRequest}. */
export const componentStatusRequest: Message<ComponentStatusRequest> = {
  create: (fields) => ({
    serviceId: "",
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.string(1, m.serviceId);
    return w.finish();
  },
  decode: (bytes) => {
    const m = componentStatusRequest.create();
    const reader = new ProtoReader(bytes, "ComponentStatusRequest");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.serviceId = reader.string();
          break;
      }
    }
    return m;
  },
};

/** flowctl.v1.ComponentStatusResponse. */
export interface ComponentStatusResponse {
  /** Field 1, `component`. */
  component?: ComponentInfo | undefined;
  /** Field 2, `status`. */
  status: number;
  /** Field 3, `last_heartbeat`. */
  lastHeartbeat?: number | undefined;
  /** Field 4, `metrics`. */
  metrics: Record<string, string>;
  /** Field 5, `registered_at`. */
  registeredAt?: number | undefined;
}

/** Makes, writes and reads {@linkcode ComponentStatusResponse}. */
export const componentStatusResponse: Message<ComponentStatusResponse> = {
  create: (fields) => ({
    status: 0,
    metrics: emptyMap(),
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    if (m.component !== undefined) w.bytes(1, componentInfo.encode(m.component), true);
    w.integer(2, m.status);
    if (m.lastHeartbeat !== undefined) w.bytes(3, timestamp.encode(m.lastHeartbeat), true);
    for (const [key, value] of Object.entries(m.metrics)) {
      w.bytes(4, new ProtoWriter().string(1, key).string(2, value).finish(), true);
    }
    if (m.registeredAt !== undefined) w.bytes(5, timestamp.encode(m.registeredAt), true);
    return w.finish();
  },
  decode: (bytes) => {
    const m = componentStatusResponse.create();
    const reader = new ProtoReader(bytes, "ComponentStatusResponse");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.component = componentInfo.decode(reader.bytes());
          break;
        case 2:
          m.status = reader.integer();
          break;
        case 3:
          m.lastHeartbeat = timestamp.decode(reader.bytes());
          break;
        case 4: {
          const r = new ProtoReader(reader.bytes(), "ComponentStatusResponse.metrics");
          let [key, value]: [string, string] = ["", ""];
          for (let field; (field = r.next()) !== 0;) {
            if (field === 1) key = r.string();
            else if (field === 2) value = r.string();
          }
          m.metrics[key] = value;
          break;
        }
        case 5:
          m.registeredAt = timestamp.decode(reader.bytes());
          break;
      }
    }
    return m;
  },
};

/** flowctl.v1.ListComponentsRequest. */
export interface ListComponentsRequest {
  /** UNSPECIFIED: any. */
  typeFilter: number;
  /** Without it only healthy ones are listed. */
  includeUnhealthy: boolean;
}

/** Makes, writes and reads {@linkcode ListComponentsRequest}. */
export const listComponentsRequest: Message<ListComponentsRequest> = {
  create: (fields) => ({
    typeFilter: 0,
    includeUnhealthy: false,
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    w.integer(1, m.typeFilter);
    w.bool(2, m.includeUnhealthy);
    return w.finish();
  },
  decode: (bytes) => {
    const m = listComponentsRequest.create();
    const reader = new ProtoReader(bytes, "ListComponentsRequest");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.typeFilter = reader.integer();
          break;
        case 2:
          m.includeUnhealthy = reader.bool();
          break;
      }
    }
    return m;
  },
};

/** flowctl.v1.ListComponentsResponse. */
export interface ListComponentsResponse {
  /** Field 1, `components`. */
  components: ComponentStatusResponse[];
}

/** Makes, writes and reads {@linkcode ListComponentsResponse}. */
export const listComponentsResponse: Message<ListComponentsResponse> = {
  create: (fields) => ({
    components: [],
    ...fields,
  }),
  encode: (m) => {
    const w = new ProtoWriter();
    for (const value of m.components) w.bytes(1, componentStatusResponse.encode(value), true);
    return w.finish();
  },
  decode: (bytes) => {
    const m = listComponentsResponse.create();
    const reader = new ProtoReader(bytes, "ListComponentsResponse");
    for (let field; (field = reader.next()) !== 0;) {
      switch (field) {
        case 1:
          m.components.push(componentStatusResponse.decode(reader.bytes()));
          break;
      }
    }
    return m;
  },
};

/** Full name of the service. */
export const CONTROL_PLANE_SERVICE_NAME = "flowctl.v1.ControlPlaneService";

/** The methods of flowctl.v1.ControlPlaneService, for server and client. */
export const controlPlaneServiceMethods = {
  /** Makes a component known, or replaces what is known of it. */
  RegisterComponent: grpcMethod(CONTROL_PLANE_SERVICE_NAME, "RegisterComponent", registerRequest, registerResponse),
  /** Forgets a component; one that is not known is no error. */
  UnregisterComponent: grpcMethod(CONTROL_PLANE_SERVICE_NAME, "UnregisterComponent", unregisterRequest, empty),
  /** Components that work, by type, event types and metadata. */
  DiscoverComponents: grpcMethod(CONTROL_PLANE_SERVICE_NAME, "DiscoverComponents", discoverRequest, discoverResponse),
  /** Says that a component is alive, and how it is. */
  Heartbeat: grpcMethod(CONTROL_PLANE_SERVICE_NAME, "Heartbeat", heartbeatRequest, empty),
  /** One component with its status and metrics; NOT_FOUND when it is not known. */
  GetComponentStatus: grpcMethod(CONTROL_PLANE_SERVICE_NAME, "GetComponentStatus", componentStatusRequest, componentStatusResponse),
  /** All components of a type with their status. */
  ListComponents: grpcMethod(CONTROL_PLANE_SERVICE_NAME, "ListComponents", listComponentsRequest, listComponentsResponse),
};
