import type { Registration } from "../control_plane/mod.ts";
import {
  type ControlPlaneClient,
  ControlPlaneError,
  type ListedService,
  type ServiceFilter,
} from "../controller/mod.ts";
import type { ServicesById } from "./service_changes.ts";
import { fits } from "./service_matching.ts";
import { isWorking } from "../service/mod.ts";

/**
 * Services whose status is asked for at one look. More of them are asked for in turn, so that a look
 * at thousands costs a control plane no thousands of calls.
 */
export const MAX_STATUS_CALLS = 32;

/** Which services are looked for. */
export interface WantedServices extends ServiceFilter {
  /** Only those that serve this event type, and not those that read it. */
  readonly serves?: string;
}

/**
 * Looks at the services of a control plane, one after the other. Only those that are wanted are asked
 * for, so that no look costs more for others that are registered there.
 *
 * DiscoverComponents tells who is there, GetComponentStatus how they are. Our control plane shows
 * only those that work there, the Go one all: whoever appears counts as healthy and whoever vanishes
 * as unhealthy until its status is known. It is gone when the control plane does not know it.
 *
 * The Go one shows services under the id that they give themselves, which may be none, and knows them
 * by the one that they register under. Whoever is shown again though its status is not known is such a
 * service, and counts as healthy while it is shown: where it serves is known all the same.
 *
 * The older protocol can only list all services, and tells neither their event types nor endpoints.
 */
export class ServiceLooks {
  readonly #wanted: WantedServices;
  /** Those that the look before has shown. */
  #shown: ReadonlySet<string> = new Set();
  /** Number of the look that asked for a service's status last. */
  readonly #askedAt = new Map<string, number>();
  /** Shown ids whose status the control plane did not know. */
  readonly #shownOnly = new Set<string>();
  #looks = 0;

  constructor(wanted: WantedServices) {
    const { serves, eventTypes = serves === undefined ? [] : [serves] } = wanted;
    this.#wanted = { ...wanted, eventTypes };
  }

  /**
   * Services now, those that do not work too. Those known before come first, in their order, whatever
   * order the control plane has.
   *
   * @param known what the look before has found
   * @throws {ControlPlaneError} when the control plane cannot be asked
   */
  async next(
    client: ControlPlaneClient,
    known: ServicesById,
    signal: AbortSignal,
  ): Promise<ServicesById> {
    let found: Registration[];
    try {
      found = await client.discover(this.#wanted, signal);
    } catch (error) {
      if (!isOlderProtocol(error)) throw error;
      const listed = await client.list(this.#wanted.type, signal);
      return new Map(listed.map((service) => [service.id, service]));
    }
    const shown = new Map(
      found.filter((each) => this.#isWanted(each)).map((each) => [each.id, each]),
    );
    const services = this.#expected(known, shown);
    await this.#askStatuses(client, services, shown, signal);
    this.#shown = new Set(shown.keys());
    for (const id of this.#askedAt.keys()) if (!services.has(id)) this.#askedAt.delete(id);
    for (const id of this.#shownOnly) if (!shown.has(id)) this.#shownOnly.delete(id);
    return services;
  }

  /** How services are as far as the discovery tells, after what was known of them. */
  #expected(
    known: ServicesById,
    shown: ReadonlyMap<string, Registration>,
  ): Map<string, ListedService> {
    const services = new Map<string, ListedService>();
    for (const [id, before] of known) {
      const registration = shown.get(id);
      const isSame = (registration !== undefined) === this.#shown.has(id);
      if (isSame) services.set(id, { ...before, ...registration });
      else if (registration !== undefined) services.set(id, justShown(registration));
      else services.set(id, isWorking(before) ? { ...before, status: "UNHEALTHY" } : before);
    }
    for (const [id, registration] of shown) {
      if (!services.has(id)) services.set(id, justShown(registration));
    }
    return services;
  }

  async #askStatuses(
    client: ControlPlaneClient,
    services: Map<string, ListedService>,
    shown: ReadonlyMap<string, Registration>,
    signal: AbortSignal,
  ): Promise<void> {
    this.#looks++;
    const lastAsked = (id: string) =>
      shown.has(id) === this.#shown.has(id) ? this.#askedAt.get(id) ?? 0 : -1;
    const ids = [...services.keys()]
      .sort((a, b) => lastAsked(a) - lastAsked(b))
      .slice(0, MAX_STATUS_CALLS);
    const answers = await Promise.all(ids.map((id) => statusOf(client, id, signal)));
    for (const [at, id] of ids.entries()) {
      this.#askedAt.set(id, this.#looks);
      const service = answers[at] ?? this.#shownAgain(id, shown);
      if (service === undefined || !this.#isWanted(service)) services.delete(id);
      else services.set(id, service);
    }
  }

  /** A service whose status is not known, where it is not one that has just left. */
  #shownAgain(id: string, shown: ReadonlyMap<string, Registration>): ListedService | undefined {
    const registration = shown.get(id);
    if (registration === undefined) return undefined;
    if (this.#shownOnly.has(id)) return justShown(registration);
    this.#shownOnly.add(id);
    return undefined;
  }

  #isWanted(service: Registration): boolean {
    const { serves } = this.#wanted;
    return fits(service, this.#wanted) &&
      (serves === undefined || service.outputEventTypes.includes(serves));
  }
}

/** Only services that work are sure to be shown, and whoever registers is healthy at first. */
function justShown(registration: Registration): ListedService {
  return { ...registration, status: "HEALTHY", metrics: {}, registeredAt: 0, lastHeartbeatAt: 0 };
}

/** One service; `undefined` for one that the control plane does not know. */
async function statusOf(
  client: ControlPlaneClient,
  id: string,
  signal: AbortSignal,
): Promise<ListedService | undefined> {
  try {
    return await client.status(id, signal);
  } catch (error) {
    if (error instanceof ControlPlaneError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}

/** What the client of the older protocol says of a discovery. */
function isOlderProtocol(error: unknown): boolean {
  return error instanceof ControlPlaneError && error.code === "FAILED_PRECONDITION";
}
