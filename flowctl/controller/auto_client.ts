import type { Registration, ServiceType } from "../control_plane/mod.ts";
import type {
  ControlPlaneClient,
  ControlPlaneProtocol,
  Heartbeat,
  ListedService,
  Registered,
  ServiceFilter,
} from "./control_plane_client.ts";
import { ControlPlaneError } from "./control_plane_error.ts";

/**
 * A control plane that speaks one of two protocols: the newer one is tried first, and the older one
 * where it is UNIMPLEMENTED. What has answered is used from then on; each registration begins anew,
 * since another control plane may have taken the place of the one before.
 */
export class AutoClient implements ControlPlaneClient {
  readonly #newer: ControlPlaneClient;
  readonly #older: ControlPlaneClient;
  #answered: ControlPlaneClient | undefined;

  /** Both are closed with this one. */
  constructor(newer: ControlPlaneClient, older: ControlPlaneClient) {
    this.#newer = newer;
    this.#older = older;
  }

  get protocol(): ControlPlaneProtocol | undefined {
    return this.#answered?.protocol;
  }

  register(registration: Registration, signal?: AbortSignal): Promise<Registered> {
    this.#answered = undefined;
    return this.#call((client) => client.register(registration, signal));
  }

  heartbeat(heartbeat: Heartbeat, signal?: AbortSignal): Promise<void> {
    return this.#call((client) => client.heartbeat(heartbeat, signal));
  }

  unregister(serviceId: string, signal?: AbortSignal): Promise<void> {
    return this.#call((client) => client.unregister(serviceId, signal));
  }

  discover(filter: ServiceFilter, signal?: AbortSignal): Promise<Registration[]> {
    return this.#call((client) => client.discover(filter, signal));
  }

  status(serviceId: string, signal?: AbortSignal): Promise<ListedService> {
    return this.#call((client) => client.status(serviceId, signal));
  }

  list(type?: ServiceType, signal?: AbortSignal): Promise<ListedService[]> {
    return this.#call((client) => client.list(type, signal));
  }

  close(): void {
    this.#newer.close();
    this.#older.close();
  }

  async #call<T>(run: (client: ControlPlaneClient) => Promise<T>): Promise<T> {
    const first = this.#answered ?? this.#newer;
    try {
      const answer = await run(first);
      this.#answered = first;
      return answer;
    } catch (error) {
      if (!isUnimplemented(error)) throw error;
    }
    const second = first === this.#newer ? this.#older : this.#newer;
    try {
      const answer = await run(second);
      this.#answered = second;
      return answer;
    } catch (error) {
      throw isUnimplemented(error) ? speaksNeither(error) : error;
    }
  }
}

function isUnimplemented(error: unknown): error is ControlPlaneError {
  return error instanceof ControlPlaneError && error.code === "UNIMPLEMENTED";
}

function speaksNeither(cause: ControlPlaneError): ControlPlaneError {
  const reason = "it speaks neither flowctl.v1 nor the older flowctl protocol; " +
    "is another server listening there?";
  return new ControlPlaneError("UNIMPLEMENTED", cause.endpoint, reason, { cause });
}
