import {
  type AskedComponent,
  type Clock,
  connectControlPlane,
  type ConnectOptions,
  ControlPlaneReader,
  describeError,
  findsUpstream,
  HealthReader,
  type HealthReply,
  isFedBy,
  joinedReading,
  type JoinedService,
  loadControlPlaneSecurity,
  type MonitorReading,
  PipelineMonitor,
  type PipelineReport,
  pipelineReport,
  pipelineSnapshot,
  RegisteredAddress,
  type ServiceStatus,
  serviceTypeOf,
  upstreamVariable,
  within,
} from "../../flowctl/mod.ts";
import { advertisedName, grpcEndpoint, grpcPort, type PlannedComponent } from "../plan/mod.ts";
import type { ComponentSnapshot, ComponentState } from "../supervision/mod.ts";
import { shortName } from "./short_name.ts";

/** Longest wait for a control plane; the command that asks for the report waits twice as long. */
const CONTROL_PLANE_TIMEOUT_MS = 5_000;

/** What a run's monitor is made of. */
export interface RunMonitorOptions {
  /** The components of the run. */
  readonly components: readonly PlannedComponent[];
  /** What supervision knows of each of them, in the same order. */
  readonly snapshots: () => readonly ComponentSnapshot[];
  readonly clock: Clock;
  /** Makes the client of a control plane; one over gRPC by default. */
  readonly connect?: (options: ConnectOptions) => ReturnType<typeof connectControlPlane>;
}

/**
 * Follows the components of a run by what they have answered supervision, and reports on them. With
 * a control plane the report tells the age of their heartbeats, too, and whoever else is registered.
 *
 * Life: `start()`, `stop()`.
 */
export class RunMonitor {
  readonly #options: RunMonitorOptions;
  readonly #reader: HealthReader;
  readonly #monitor: PipelineMonitor;
  #reading: MonitorReading = { services: [], problems: [] };

  /** Looks at nothing before `start()`. */
  constructor(options: RunMonitorOptions) {
    const { components, clock } = options;
    this.#options = options;
    this.#reader = new HealthReader({
      components: () => this.#asked().map(({ component }) => component),
      ask: (component) => Promise.resolve(this.#replyOf(component)),
      clock,
    });
    const interval = components.map(({ config }) => config.values.MONITORING_INTERVAL)
      .find((value) => typeof value === "number");
    this.#monitor = new PipelineMonitor({
      read: async (signal) => this.#reading = await this.#reader.read(signal),
      ...(interval === undefined ? {} : { intervalMs: Number(interval) }),
      clock,
    });
  }

  /** Looks now and from now on. */
  start(): void {
    this.#monitor.start();
  }

  /** Looks no more. */
  async stop(): Promise<void> {
    await this.#monitor.stop();
  }

  /** Looks now, asks the control plane, and reports; a control plane that is away is a problem told. */
  async report(): Promise<PipelineReport> {
    const { clock } = this.#options;
    await this.#monitor.look();
    const listed = await this.#listed();
    const reading = listed === undefined ? this.#reading : joinedReading(this.#reading, listed);
    return pipelineReport(
      pipelineSnapshot(reading, clock.now()),
      (id, windowMs) => this.#monitor.history.trend("ledgers_behind_tip", id, windowMs),
    );
  }

  /** What the control plane knows; `undefined` where the run has none. */
  async #listed(): Promise<MonitorReading | undefined> {
    const { components, clock, connect = connectControlPlane } = this.#options;
    const client = components.find(({ config }) => config.values.ENABLE_FLOWCTL === true);
    if (client === undefined) return undefined;
    const { config } = client;
    const endpoint = config.string("FLOWCTL_ENDPOINT");
    try {
      // Nothing is logged here, and no sentence of a client holds its token.
      const security = await loadControlPlaneSecurity(config, { addSecret: () => {} });
      const protocol = config.string("FLOWCTL_PROTOCOL") as NonNullable<ConnectOptions["protocol"]>;
      using reader = new ControlPlaneReader({ endpoint, protocol, ...security, connect, clock });
      const { signal } = new AbortController();
      const late = () => new Error("no answer within 5 s");
      return await within(
        { clock, ms: CONTROL_PLANE_TIMEOUT_MS, signal, late },
        (bound) => reader.read(bound),
      );
    } catch (error) {
      const problem = `the control plane ${endpoint} cannot be asked: ${describeError(error)}`;
      return { services: [], problems: [problem] };
    }
  }

  /** The components that data goes through, with what supervision knows of each. */
  #asked(): { component: AskedComponent; snapshot: ComponentSnapshot }[] {
    const snapshots = this.#options.snapshots();
    return this.#options.components.flatMap((component, at) => {
      const snapshot = snapshots[at];
      const isData = component.declaration.type !== "CONTROL_PLANE";
      return snapshot === undefined || !isData ? [] : [{
        component: {
          ...askedComponent(component, snapshot),
          ...elsewhere(component, this.#options.components),
        },
        snapshot,
      }];
    });
  }

  #replyOf({ id }: AskedComponent): HealthReply {
    const snapshot = this.#asked().find(({ component }) => component.id === id)?.snapshot;
    const { state, reply } = snapshot!;
    // An answer of before stands beside the reason why there is none now.
    if (reply !== undefined && reply.error === undefined && !GONE.has(state)) return reply;
    const error = GONE.has(state) || reply === undefined ? `it is ${state}` : reply.error!;
    return { code: undefined, answer: undefined, error };
  }
}

/** States in which an answer that a component has given says nothing of now. */
const GONE: ReadonlySet<ComponentState> = new Set([
  "waiting",
  "restarting",
  "stopped",
  "failed",
  "finished",
]);

/** States in which nobody expects an answer. */
const EXPECTED: Readonly<Partial<Record<ComponentState, ServiceStatus>>> = {
  waiting: "STARTING",
  starting: "STARTING",
  restarting: "STARTING",
  stopping: "STOPPING",
};

/**
 * Which neighbours of a component need not be in its run. Who feeds it is elsewhere where the user
 * names an address; by discovery, it is among what the control plane lists.
 */
function elsewhere(
  { declaration, config }: PlannedComponent,
  components: readonly PlannedComponent[],
): Pick<JoinedService, "readsElsewhere" | "servesElsewhere"> {
  const others = components.map((each) => each.declaration);
  const upstream = upstreamVariable(declaration);
  const isFed = others.some((other) => isFedBy(declaration, other));
  return {
    readsElsewhere: upstream !== undefined &&
      (config.list(upstream).length > 0 || !isFed && !findsUpstream(config, upstream)),
    servesElsewhere: declaration.outputEventTypes.length > 0 &&
      !others.some((other) => isFedBy(other, declaration)),
  };
}

function askedComponent(
  component: PlannedComponent,
  { ports, state }: ComponentSnapshot,
): AskedComponent {
  const { declaration, config, listen } = component;
  const grpc = grpcPort(ports);
  const advertised = advertisedName(declaration, config, listen);
  // As it registers, so that it is found among what the control plane lists.
  const address = new RegisteredAddress({
    ...config.values,
    BIND_ADDRESS: listen,
    ...(advertised === undefined ? {} : { ADVERTISE_ADDRESS: advertised }),
  });
  const silentStatus = EXPECTED[state];
  return {
    id: shortName(declaration.name),
    name: declaration.name,
    type: serviceTypeOf(declaration.type) ?? "UNSPECIFIED",
    inputEventTypes: declaration.inputEventTypes,
    outputEventTypes: declaration.outputEventTypes,
    endpoint: grpc === undefined ? "" : grpcEndpoint(component, grpc),
    ...(ports.health === undefined ? {} : {
      healthEndpoint: `http://${address.health(ports.health)}${declaration.healthEndpoint}`,
    }),
    ...(silentStatus === undefined ? {} : { silentStatus }),
  };
}
