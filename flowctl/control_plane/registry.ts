import type { Clock, ClockTimer } from "../component/mod.ts";
import { GrpcError } from "../../grpc/mod.ts";
import {
  DEFAULT_LIMITS,
  GONE_AFTER_MS,
  HEARTBEAT_TTL_MS,
  LATE_BEATS,
  MAX_UPSTREAM_ENDPOINTS,
  RESTART_GRACE_MS,
  SWEEP_INTERVAL_MS,
  TTLS_UNTIL_GONE,
} from "./limits.ts";
import { RegisteredService } from "./registered_service.ts";
import { checkRegistration, checkSize } from "./registration_rules.ts";
import {
  isWorking,
  type Registration,
  type Service,
  type ServiceStatus,
  type ServiceType,
} from "../service/mod.ts";
import type { Storage, StoredService } from "./storage.ts";
import { uniqueId } from "./unique_id.ts";

/** What a registry is made of. */
export interface RegistryOptions {
  /** The time. */
  readonly clock: Clock;
  /** Where services are kept. */
  readonly storage: Storage;
  /** After how long without a heartbeat a service is unhealthy; 30 s by default. */
  readonly heartbeatTtlMs?: number;
  /** How often services are looked at; 10 s by default. */
  readonly sweepIntervalMs?: number;
  /** Services known at once; 10,000 by default. */
  readonly maxServices?: number;
  /** Bytes of a service's metadata, and of its metrics; 16 KiB by default. */
  readonly maxMetadataBytes?: number;
  /** Bytes of a list of all services; 16 MiB by default. */
  readonly maxBytes?: number;
  /** Hears of each change of who is there and how they are. */
  readonly onChange?: (change: ServiceChange) => void;
}

/** What has happened to a service. */
export interface ServiceChange {
  /**
   * Changed: tells another status. Expired: not heard of for too long. Revived: heard of again. Gone:
   * forgotten after that. Slow: its heartbeats come later than they may, one after the other; said
   * once of a service.
   */
  readonly what:
    | "registered"
    | "changed"
    | "replaced"
    | "unregistered"
    | "expired"
    | "revived"
    | "gone"
    | "slow";
  /** The service, as it is now or was last. */
  readonly service: Service;
}

/** What a heartbeat tells. */
export interface Beat {
  /** How the service is; absent leaves what is known. */
  readonly status?: ServiceStatus | undefined;
  /** Merged into those known. */
  readonly metrics?: Readonly<Record<string, string>>;
}

/** Which services are asked for. */
export interface ServiceQuery {
  /** Absent: any. */
  readonly type?: ServiceType | undefined;
  /** Any of them, as input or output; empty: any. */
  readonly eventTypes?: readonly string[];
  /** All of them. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Who is there, and how they are: the one registry behind both protocols.
 *
 * A service is healthy from its registration on. One that is not heard of for `heartbeatTtlMs` is
 * expired, until any heartbeat revives it; after an hour, or twice that time where it is longer, it is
 * forgotten. Services of the storage are
 * expired until they are heard of.
 *
 * Life: `start()` begins the sweeps, `stop()` ends them and keeps the latest.
 */
export class Registry {
  readonly #clock: Clock;
  readonly #storage: Storage;
  readonly #options: RegistryOptions;
  readonly #ttlMs: number;
  readonly #goneAfterMs: number;
  readonly #maxMetadataBytes: number;
  readonly #maxBytes: number;
  readonly #entries = new Map<string, RegisteredService>();
  /** Who serves an event type. */
  readonly #producers = new Map<string, Set<RegisteredService>>();
  #bytes = 0;
  #sweeps: ClockTimer | undefined;

  /** Begins with what the storage holds. */
  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#storage = options.storage;
    this.#ttlMs = options.heartbeatTtlMs ?? HEARTBEAT_TTL_MS;
    this.#goneAfterMs = Math.max(GONE_AFTER_MS, TTLS_UNTIL_GONE * this.#ttlMs);
    this.#maxBytes = options.maxBytes ?? DEFAULT_LIMITS.registryBytes;
    this.#maxMetadataBytes = options.maxMetadataBytes ?? DEFAULT_LIMITS.metadataBytes;
    for (const stored of options.storage.services()) this.#add(this.#restored(stored));
  }

  /** Begins to look for services that are not heard of. */
  start(): void {
    const everyMs = this.#options.sweepIntervalMs ?? SWEEP_INTERVAL_MS;
    this.#sweeps ??= this.#clock.setInterval(() => this.sweep(), everyMs);
  }

  /** Ends that, and keeps when each service was heard of. */
  stop(): void {
    this.#sweeps?.stop();
    this.#sweeps = undefined;
    this.#saveHeard();
  }

  /** The same as `stop`. */
  [Symbol.dispose](): void {
    this.stop();
  }

  /**
   * Makes a service known, or replaces what is known of the one with its id. Throws GrpcError
   * INVALID_ARGUMENT or RESOURCE_EXHAUSTED.
   *
   * @param idPrefix begins the id of a service that brings none
   */
  register(registration: Registration, idPrefix: string): Service {
    checkRegistration(registration, this.#maxMetadataBytes);
    const known = this.#entries.get(registration.id);
    const maxServices = this.#options.maxServices ?? DEFAULT_LIMITS.services;
    if (known === undefined && this.#entries.size >= maxServices) {
      const text = `${maxServices} services are registered, and no more can be (MAX_SERVICES)`;
      throw new GrpcError("RESOURCE_EXHAUSTED", text);
    }
    const id = registration.id ||
      uniqueId(idPrefix, this.#clock, (taken) => this.#entries.has(taken));
    const now = this.#clock.now();
    const entry = new RegisteredService(
      { ...registration, id },
      "HEALTHY",
      {},
      now,
      now,
      this.#clock.monotonic(),
    );
    this.#checkRoom(entry.bytes, known?.bytes ?? 0, "no more can be registered");
    if (known !== undefined) {
      entry.lateBeats = known.lateBeats;
      this.#drop(known);
    }
    this.#add(entry);
    this.#storage.saveServices([entry.stored()]);
    this.#tell(known === undefined ? "registered" : "replaced", entry);
    return entry;
  }

  /**
   * Notes that a service is alive. Throws GrpcError NOT_FOUND when it is not known. One whose metrics
   * grow too large, or the whole registry with them, is alive all the same, keeps those it had, and is
   * told so as RESOURCE_EXHAUSTED.
   */
  heartbeat(id: string, { status, metrics = {} }: Beat): void {
    const entry = this.#entry(id);
    const heardAt = this.#clock.monotonic();
    this.#noteLate(entry, heardAt - entry.heardAt);
    entry.lastHeartbeatAt = this.#clock.now();
    entry.heardAt = heardAt;
    entry.isUnsaved = true;
    const before = entry.told;
    if (status !== undefined) entry.told = status;
    if (entry.expired) {
      entry.expired = false;
      this.#tell("revived", entry);
    } else if (entry.told !== before) this.#tell("changed", entry);
    const merged = { ...entry.metrics, ...metrics };
    checkSize("metrics", merged, this.#maxMetadataBytes);
    this.#checkRoom(entry.bytesWith(merged), entry.bytes, "no more metrics can be kept");
    this.#bytes -= entry.bytes;
    entry.metrics = merged;
    this.#bytes += entry.bytes;
  }

  /** Forgets a service; one that is not known is no error. */
  unregister(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#drop(entry);
    this.#storage.removeServices([id]);
    this.#tell("unregistered", entry);
  }

  /** One service. Throws GrpcError NOT_FOUND when it is not known. */
  get(id: string): Service {
    return this.#entry(id);
  }

  /** Services that work, and fit the query. */
  discover({ type, eventTypes = [], metadata = {} }: ServiceQuery): Service[] {
    const wanted = new Set(eventTypes);
    const filters = Object.entries(metadata);
    return this.services().filter((service) =>
      isWorking(service) &&
      (type === undefined || service.type === type) &&
      (wanted.size === 0 || service.inputEventTypes.some((each) => wanted.has(each)) ||
        service.outputEventTypes.some((each) => wanted.has(each))) &&
      filters.every(([key, value]) =>
        Object.hasOwn(service.metadata, key) && service.metadata[key] === value
      )
    );
  }

  /** All services, in the order in which they came. */
  services(): Service[] {
    return [...this.#entries.values()];
  }

  /** Most bytes that a list of all services takes, by either protocol. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Number of services. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Where what a service reads is served now, by event type: endpoints of services that work, the
   * healthy ones first, joined by commas.
   */
  upstreamEndpoints({ id, inputEventTypes }: Service): Record<string, string> {
    const found: Record<string, string> = Object.create(null);
    for (const eventType of inputEventTypes) {
      const endpoints = [...this.#producers.get(eventType) ?? []]
        .filter((producer) => producer.id !== id && producer.endpoint !== "" && isWorking(producer))
        .sort((a, b) => Number(a.status !== "HEALTHY") - Number(b.status !== "HEALTHY"))
        .map((producer) => producer.endpoint);
      // One that came back under another id is there twice until the first id expires.
      const each = [...new Set(endpoints)].slice(0, MAX_UPSTREAM_ENDPOINTS);
      if (each.length > 0) found[eventType] = each.join(",");
    }
    return found;
  }

  /** Looks for services that were not heard of for too long. */
  sweep(): void {
    const now = this.#clock.monotonic();
    const gone: RegisteredService[] = [];
    for (const entry of this.#entries.values()) {
      const silentMs = now - entry.heardAt;
      if (silentMs > this.#goneAfterMs) gone.push(entry);
      else if (silentMs > this.#ttlMs && !entry.expired) {
        entry.expired = true;
        this.#tell("expired", entry);
      }
    }
    for (const entry of gone) this.#drop(entry);
    if (gone.length > 0) this.#storage.removeServices(gone.map((entry) => entry.id));
    for (const entry of gone) this.#tell("gone", entry);
    this.#saveHeard();
  }

  /** Heartbeats come too often to be kept one by one. */
  #saveHeard(): void {
    this.#storage.check();
    const heard = [...this.#entries.values()].filter((entry) => entry.isUnsaved);
    for (const entry of heard) entry.isUnsaved = false;
    if (heard.length > 0) this.#storage.saveServices(heard.map((entry) => entry.stored()));
  }

  /** One that beats more rarely than it may flaps between expired and revived, and nobody knows why. */
  #noteLate(entry: RegisteredService, silentMs: number): void {
    if (entry.lateBeats >= LATE_BEATS) return;
    entry.lateBeats = silentMs > this.#ttlMs ? entry.lateBeats + 1 : 0;
    if (entry.lateBeats === LATE_BEATS) this.#tell("slow", entry);
  }

  #restored(stored: StoredService): RegisteredService {
    const { registration, status, metrics, registeredAt, lastHeartbeatAt } = stored;
    // Only the wall clock spans processes; a clock that was set back counts as no time.
    const silentMs = Math.min(
      Math.max(0, this.#clock.now() - lastHeartbeatAt),
      this.#goneAfterMs - RESTART_GRACE_MS,
    );
    const heardAt = this.#clock.monotonic() - silentMs;
    const entry = new RegisteredService(
      registration,
      status,
      metrics,
      registeredAt,
      lastHeartbeatAt,
      heardAt,
    );
    entry.expired = true;
    return entry;
  }

  #entry(id: string): RegisteredService {
    const entry = this.#entries.get(id);
    // Clients recognise the sentence: the Go flowctl answers with it.
    if (entry === undefined) throw new GrpcError("NOT_FOUND", `service ${id} not found`);
    return entry;
  }

  /** Nobody could read a list that is longer than clients take. What gets smaller is never refused. */
  #checkRoom(bytes: number, before: number, consequence: string): void {
    const all = this.#bytes - before + bytes;
    if (bytes <= before || all <= this.#maxBytes) return;
    throw new GrpcError(
      "RESOURCE_EXHAUSTED",
      `a list of all services would take ${all} bytes, more than ${this.#maxBytes} ` +
        `(MAX_REGISTRY_BYTES): ${consequence}`,
    );
  }

  #add(entry: RegisteredService): void {
    this.#entries.set(entry.id, entry);
    this.#bytes += entry.bytes;
    for (const eventType of entry.outputEventTypes) {
      let producers = this.#producers.get(eventType);
      if (producers === undefined) this.#producers.set(eventType, producers = new Set());
      producers.add(entry);
    }
  }

  #drop(entry: RegisteredService): void {
    this.#entries.delete(entry.id);
    this.#bytes -= entry.bytes;
    for (const eventType of entry.outputEventTypes) {
      const producers = this.#producers.get(eventType);
      producers?.delete(entry);
      if (producers?.size === 0) this.#producers.delete(eventType);
    }
  }

  #tell(what: ServiceChange["what"], service: Service): void {
    this.#options.onChange?.({ what, service });
  }
}
