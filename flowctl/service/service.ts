/** Where in a pipeline a service stands; both protocols' types have their place here. */
export const SERVICE_TYPES = [
  "UNSPECIFIED",
  "SOURCE",
  "PROCESSOR",
  "CONSUMER",
  "PIPELINE",
] as const;
/** One of {@linkcode SERVICE_TYPES}. */
export type ServiceType = typeof SERVICE_TYPES[number];

/** What a component.yaml calls a sink is a consumer to the control plane. */
const OF_COMPONENTS: Readonly<Partial<Record<string, ServiceType>>> = {
  SOURCE: "SOURCE",
  PROCESSOR: "PROCESSOR",
  SINK: "CONSUMER",
};

/** Where a component stands that its component.yaml calls so; undefined for one that moves no data. */
export function serviceTypeOf(componentType: string): ServiceType | undefined {
  return OF_COMPONENTS[componentType];
}

/** How a service is, in the words of flowctl.v1. */
export const SERVICE_STATUSES = [
  "STARTING",
  "HEALTHY",
  "DEGRADED",
  "UNHEALTHY",
  "STOPPING",
] as const;
/** One of {@linkcode SERVICE_STATUSES}. */
export type ServiceStatus = typeof SERVICE_STATUSES[number];

/** What a service says of itself when it registers. */
export interface Registration {
  /** Its id; empty asks for one. */
  readonly id: string;
  /** Name for people. */
  readonly name: string;
  /** What it does. */
  readonly description: string;
  /** Its own version. */
  readonly version: string;
  /** Where it stands. */
  readonly type: ServiceType;
  /** What it reads. */
  readonly inputEventTypes: readonly string[];
  /** What it serves. */
  readonly outputEventTypes: readonly string[];
  /** Where it serves: `host:port`, `:port` or a URL; empty where it serves nothing. */
  readonly endpoint: string;
  /** Whatever else is to be known of it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Most events that it takes at once; 0 where it does not say. */
  readonly maxInflight: number;
}

/** A service that the control plane knows. */
export interface Service extends Registration {
  /** How it is: what it told last, or UNHEALTHY once it has not been heard of for too long. */
  readonly status: ServiceStatus;
  /** Whether it has not been heard of for too long. */
  readonly expired: boolean;
  /** All metrics of its heartbeats, the latest value of each. */
  readonly metrics: Readonly<Record<string, string>>;
  /** When it registered, in milliseconds since 1970. */
  readonly registeredAt: number;
  /** When it was heard of last, in milliseconds since 1970. */
  readonly lastHeartbeatAt: number;
}

/** Whether it works, well or not so well: only such services are discovered. */
export function isWorking({ status }: Pick<Service, "status">): boolean {
  return status === "HEALTHY" || status === "DEGRADED";
}

/** The topics that a service is given: one for each output, where others read it by. */
export function assignedTopics({ type, outputEventTypes }: Registration): string[] {
  if (type !== "SOURCE" && type !== "PROCESSOR") return [];
  return outputEventTypes.map((eventType) => `${eventType}.v1`);
}
