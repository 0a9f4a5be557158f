import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import protobuf from "protobufjs";
import { GrpcError } from "../../grpc/mod.ts";
import { legacy, type Message, v1 } from "./mod.ts";
import { protobufRoot } from "./testing/mod.ts";

/** Fields as `number name type`, as the control planes that exist speak them. */
const V1 = {
  ComponentInfo: [
    "1 id string",
    "2 name string",
    "3 description string",
    "4 version string",
    "5 type ComponentType",
    "6 input_event_types repeated string",
    "7 output_event_types repeated string",
    "8 endpoint string",
    "9 metadata map<string,string>",
  ],
  RegisterRequest: ["1 component ComponentInfo", "2 component_id string"],
  RegisterResponse: [
    "1 service_id string",
    "2 assigned_topics repeated string",
    "3 connection_info map<string,string>",
  ],
  UnregisterRequest: ["1 service_id string"],
  DiscoverRequest: [
    "1 type ComponentType",
    "2 event_types repeated string",
    "3 metadata_filters map<string,string>",
  ],
  DiscoverResponse: ["1 components repeated ComponentInfo"],
  HeartbeatRequest: [
    "1 service_id string",
    "2 status HealthStatus",
    "3 metrics map<string,string>",
  ],
  ComponentStatusRequest: ["1 service_id string"],
  ComponentStatusResponse: [
    "1 component ComponentInfo",
    "2 status HealthStatus",
    "3 last_heartbeat google.protobuf.Timestamp",
    "4 metrics map<string,string>",
    "5 registered_at google.protobuf.Timestamp",
  ],
  ListComponentsRequest: ["1 type_filter ComponentType", "2 include_unhealthy bool"],
  ListComponentsResponse: ["1 components repeated ComponentStatusResponse"],
};

const LEGACY = {
  ServiceInfo: [
    "1 service_id string",
    "2 service_type ServiceType",
    "3 input_event_types repeated string",
    "4 output_event_types repeated string",
    "5 health_endpoint string",
    "6 max_inflight int32",
    "7 metadata map<string,string>",
    "8 component_id string",
  ],
  RegistrationAck: [
    "1 service_id string",
    "2 topic_names repeated string",
    "3 connection_info map<string,string>",
  ],
  ServiceHeartbeat: [
    "1 service_id string",
    "2 timestamp google.protobuf.Timestamp",
    "3 metrics map<string,double>",
  ],
  ServiceStatus: [
    "1 service_id string",
    "2 service_type ServiceType",
    "3 is_healthy bool",
    "4 last_heartbeat google.protobuf.Timestamp",
    "5 metrics map<string,double>",
    "6 component_id string",
  ],
  ServiceList: ["1 services repeated ServiceStatus"],
  ComponentMetrics: [
    "1 events_in int64",
    "2 events_out int64",
    "3 bytes_in int64",
    "4 bytes_out int64",
    "5 processing_time_ms double",
  ],
  RunMetrics: [
    "1 events_processed int64",
    "2 events_per_second double",
    "3 bytes_processed int64",
    "4 component_metrics map<string,ComponentMetrics>",
  ],
  PipelineRun: [
    "1 run_id string",
    "2 pipeline_id string",
    "3 pipeline_name string",
    "4 status RunStatus",
    "5 start_time google.protobuf.Timestamp",
    "6 end_time google.protobuf.Timestamp",
    "7 config_yaml string",
    "8 metrics RunMetrics",
    "9 error string",
    "10 component_ids repeated string",
  ],
  CreatePipelineRunRequest: [
    "1 run_id string",
    "2 pipeline_name string",
    "3 config_yaml string",
    "4 component_ids repeated string",
  ],
  UpdatePipelineRunRequest: [
    "1 run_id string",
    "2 status RunStatus",
    "3 metrics RunMetrics",
    "4 error string",
  ],
  GetPipelineRunRequest: ["1 run_id string"],
  ListPipelineRunsRequest: ["1 pipeline_name string", "2 status RunStatus", "3 limit int32"],
  ListPipelineRunsResponse: ["1 runs repeated PipelineRun"],
  StopPipelineRunRequest: ["1 run_id string"],
};

const ENUMS = {
  "flowctl.v1.ComponentType": "COMPONENT_TYPE_ UNSPECIFIED SOURCE PROCESSOR CONSUMER",
  "flowctl.v1.HealthStatus": "HEALTH_STATUS_ UNKNOWN STARTING HEALTHY DEGRADED UNHEALTHY STOPPING",
  "flowctl.ServiceType": "SERVICE_TYPE_ UNSPECIFIED SOURCE PROCESSOR SINK PIPELINE",
  "flowctl.RunStatus": "RUN_STATUS_ UNKNOWN STARTING RUNNING COMPLETED FAILED STOPPED",
};

const METHODS = {
  "flowctl.v1.ControlPlaneService": [
    "RegisterComponent RegisterRequest RegisterResponse",
    "UnregisterComponent UnregisterRequest google.protobuf.Empty",
    "DiscoverComponents DiscoverRequest DiscoverResponse",
    "Heartbeat HeartbeatRequest google.protobuf.Empty",
    "GetComponentStatus ComponentStatusRequest ComponentStatusResponse",
    "ListComponents ListComponentsRequest ListComponentsResponse",
  ],
  "flowctl.ControlPlane": [
    "Register ServiceInfo RegistrationAck",
    "Heartbeat ServiceHeartbeat google.protobuf.Empty",
    "GetServiceStatus ServiceInfo ServiceStatus",
    "ListServices google.protobuf.Empty ServiceList",
    "CreatePipelineRun CreatePipelineRunRequest PipelineRun",
    "UpdatePipelineRun UpdatePipelineRunRequest PipelineRun",
    "GetPipelineRun GetPipelineRunRequest PipelineRun",
    "ListPipelineRuns ListPipelineRunsRequest ListPipelineRunsResponse",
    "StopPipelineRun StopPipelineRunRequest PipelineRun",
  ],
};

const snake = (name: string) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

function fieldLine(field: protobuf.Field): string {
  const type = field instanceof protobuf.MapField
    ? `map<${field.keyType},${field.type}>`
    : field.type;
  return `${field.id} ${snake(field.name)} ${field.repeated ? "repeated " : ""}${type}`;
}

Deno.test("the .proto files have the messages, numbers, names and types that flowctl speaks", async () => {
  const root = await protobufRoot();
  for (const [name, expected] of [["flowctl.v1", V1], ["flowctl", LEGACY]] as const) {
    const types = root.lookup(name) as protobuf.Namespace;
    const found = types.nestedArray.filter((each) => each instanceof protobuf.Type);
    const lines = found.map((type) => [type.name, type.fieldsArray.map(fieldLine)]);
    assertEquals(Object.fromEntries(lines), expected);
  }
});

Deno.test("enums have flowctl's values, with their prefix in the files and without it here", async () => {
  const root = await protobufRoot();
  for (const [name, text] of Object.entries(ENUMS)) {
    const [prefix, ...values] = text.split(" ");
    const numbers = values.map((value, number) => [`${prefix}${value}`, number]);
    assertEquals({ ...root.lookupEnum(name).values }, Object.fromEntries(numbers));
    const own = { ...v1, ...legacy }[name.split(".").at(-1)!];
    assertEquals<unknown>(own, Object.fromEntries(values.map((value, number) => [value, number])));
  }
});

Deno.test("services have flowctl's methods, under their paths", async () => {
  const root = await protobufRoot();
  const own = { ...v1.controlPlaneServiceMethods };
  for (const [name, expected] of Object.entries(METHODS)) {
    const { methodsArray } = root.lookupService(name);
    const lines = methodsArray.map((m) => `${m.name} ${m.requestType} ${m.responseType}`);
    assertEquals(lines, expected);
    const methods = name === v1.CONTROL_PLANE_SERVICE_NAME ? own : legacy.controlPlaneMethods;
    const paths = Object.values(methods).map((m) => m.path);
    assertEquals(paths, expected.map((line) => `/${name}/${line.split(" ")[0]}`));
  }
});

/** Any value of a field, in the form of this module. */
function anyValue(field: protobuf.Field): fc.Arbitrary<unknown> {
  const text = fc.string({ unit: "binary" }).map((s) => s.toWellFormed());
  const one = (type: string): fc.Arbitrary<unknown> => {
    if (field.resolvedType instanceof protobuf.Enum) return fc.integer({ min: 0, max: 9 });
    if (type.endsWith("Timestamp")) return fc.integer({ min: -1e13, max: 1e13 });
    if (field.resolvedType instanceof protobuf.Type) return anyMessage(field.resolvedType);
    if (type === "string") return text;
    if (type === "bool") return fc.boolean();
    if (type === "int32") return fc.integer();
    return type === "int64"
      ? fc.maxSafeInteger()
      : fc.double({ noNaN: true }).map((value) => value === 0 ? 0 : value);
  };
  const value = one(field.type);
  if (field.map) return fc.dictionary(text, value, { noNullPrototype: true });
  if (field.repeated) return fc.array(value, { maxLength: 3 });
  return value;
}

function anyMessage(type: protobuf.Type): fc.Arbitrary<Record<string, unknown>> {
  // Only a single message can be absent.
  const always = type.fieldsArray.filter((field) =>
    field.map || field.repeated || !(field.resolvedType instanceof protobuf.Type)
  );
  return fc.record(
    Object.fromEntries(type.fieldsArray.map((field) => [field.name, anyValue(field)])),
    { requiredKeys: always.map((field) => field.name), noNullPrototype: true },
  );
}

/** The same message in the form of protobufjs: timestamps are messages, absent fields are absent. */
function toProtobufjs(type: protobuf.Type, message: Record<string, unknown>) {
  const convert = (field: protobuf.Field, value: unknown): unknown => {
    if (field.type.endsWith("Timestamp")) {
      const ms = value as number;
      const seconds = Math.floor(ms / 1000);
      return { seconds, nanos: (ms - seconds * 1000) * 1e6 };
    }
    return field.resolvedType instanceof protobuf.Type
      ? toProtobufjs(field.resolvedType, value as Record<string, unknown>)
      : value;
  };
  const plain: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    const value = message[field.name];
    if (value === undefined) continue;
    if (field.map) {
      const entries = Object.entries(value as Record<string, unknown>);
      plain[field.name] = Object.fromEntries(entries.map(([k, v]) => [k, convert(field, v)]));
    } else if (field.repeated) {
      plain[field.name] = (value as unknown[]).map((v) => convert(field, v));
    } else plain[field.name] = convert(field, value);
  }
  return plain;
}

const codecs: Readonly<Record<string, Record<string, unknown>>> = {
  "flowctl.v1": v1,
  "flowctl": legacy,
};

function codecOf(name: string, type: string): Message<Record<string, unknown>> {
  return codecs[name]![type[0]!.toLowerCase() + type.slice(1)] as Message<Record<string, unknown>>;
}

Deno.test("any message is read as it was written, and read the same by another implementation", async () => {
  const root = await protobufRoot();
  for (const [name, messages] of [["flowctl.v1", V1], ["flowctl", LEGACY]] as const) {
    for (const typeName of Object.keys(messages)) {
      const type = root.lookupType(`${name}.${typeName}`);
      const codec = codecOf(name, typeName);
      fc.assert(
        fc.property(anyMessage(type), (message) => {
          const bytes = codec.encode(codec.create(message));
          assertEquals(codec.decode(bytes), codec.create(message));
          const theirs = type.encode(type.fromObject(toProtobufjs(type, message))).finish();
          assertEquals(codec.decode(theirs), codec.create(message));
          type.decode(bytes);
        }),
        { numRuns: 25 },
      );
    }
  }
});

Deno.test("any bytes give a message or a GrpcError, in every decoder", () => {
  for (const [name, messages] of [["flowctl.v1", V1], ["flowctl", LEGACY]] as const) {
    for (const typeName of Object.keys(messages)) {
      const codec = codecOf(name, typeName);
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
          try {
            codec.decode(bytes);
          } catch (error) {
            if (!(error instanceof GrpcError)) throw error;
          }
        }),
        { numRuns: 100 },
      );
    }
  }
  assertThrows(() => v1.heartbeatRequest.decode(Uint8Array.of(0x0a, 9, 1)), GrpcError, "Heartbeat");
});

Deno.test("keys that name what every object has are keys like any other", () => {
  const metadata = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}');
  const bytes = v1.componentInfo.encode(v1.componentInfo.create({ metadata }));
  const read = v1.componentInfo.decode(bytes).metadata;
  assertEquals(Object.entries(read).sort(), Object.entries(metadata).sort());
  assertEquals(v1.componentInfo.create().metadata["toString"], undefined);
});
