import type { Registration, ServiceType } from "../../control_plane/mod.ts";
import type {
  ControlPlaneClient,
  Heartbeat,
  ListedService,
  Registered,
  ServiceFilter,
} from "../control_plane_client.ts";
import { ControlPlaneError } from "../control_plane_error.ts";

/** Name of a call. */
export type CallName = "register" | "heartbeat" | "unregister" | "discover" | "status" | "list";

/**
 * A control plane in memory, which writes down what it is asked. `fail` decides how a call ends;
 * without it, or where it answers nothing, the call succeeds.
 */
export class MemoryClient implements ControlPlaneClient {
  protocol: "v1" | "legacy" = "v1";
  /** Name and service of each call, in order. */
  readonly calls: string[] = [];
  readonly registrations: Registration[] = [];
  readonly heartbeats: Heartbeat[] = [];
  /** Whom `list`, `discover` and `status` know. */
  services: ListedService[] = [];
  /** Whether `discover` shows those that do not work too, as the Go control plane does. */
  showsAll = false;
  closed = 0;
  fail: (call: CallName) => Error | "hang" | undefined = () => undefined;
  #given = 0;

  register(registration: Registration): Promise<Registered> {
    this.registrations.push(registration);
    const serviceId = registration.id || `given-${++this.#given}`;
    return this.#answer("register", registration.id, {
      serviceId,
      assignedTopics: [],
      connectionInfo: {},
    });
  }

  heartbeat(heartbeat: Heartbeat): Promise<void> {
    this.heartbeats.push(heartbeat);
    return this.#answer("heartbeat", heartbeat.serviceId, undefined);
  }

  unregister(serviceId: string): Promise<void> {
    return this.#answer("unregister", serviceId, undefined);
  }

  discover(filter: ServiceFilter): Promise<Registration[]> {
    const { type, eventTypes = [] } = filter;
    const found = this.services.filter((each) =>
      (this.showsAll || each.status === "HEALTHY" || each.status === "DEGRADED") &&
      (type === undefined || each.type === type) &&
      (eventTypes.length === 0 ||
        [...each.inputEventTypes, ...each.outputEventTypes].some((one) => eventTypes.includes(one)))
    );
    const seen = found.map(({ status: _, metrics: __, ...registration }) => registration);
    // As the client of the older protocol.
    const isOlder = this.protocol === "legacy";
    const refusal = isOlder ? failure("FAILED_PRECONDITION") : undefined;
    return this.#answer("discover", eventTypes.join(","), seen, refusal);
  }

  status(serviceId: string): Promise<ListedService> {
    const service = this.services.find(({ id }) => id === serviceId);
    const refusal = failure("NOT_FOUND", `service ${serviceId} not found`);
    return this.#answer("status", serviceId, service!, service === undefined ? refusal : undefined);
  }

  list(type?: ServiceType): Promise<ListedService[]> {
    return this.#answer("list", type ?? "", [...this.services]);
  }

  close(): void {
    this.closed++;
  }

  /** @param refusal what is answered where the call is not made to fail otherwise */
  #answer<T>(call: CallName, subject: string, value: T, refusal?: Error): Promise<T> {
    this.calls.push(`${call} ${subject}`.trim());
    const failure = this.fail(call) ?? refusal;
    // It heeds no signal, as the worst of clients would.
    if (failure === "hang") return new Promise(() => {});
    return failure === undefined ? Promise.resolve(value) : Promise.reject(failure);
  }
}

/** What a failed call looks like. */
export function failure(code: ControlPlaneError["code"], reason = "as told"): ControlPlaneError {
  return new ControlPlaneError(code, "plane.example:8080", reason);
}
