import { Buffer } from "node:buffer";
import type { Registration, Service, ServiceStatus, ServiceType } from "../service/mod.ts";
import type { StoredService } from "./storage.ts";

/** Bytes in a list of what all services have: numbers, times, and the lengths of the rest. */
const SERVICE_BYTES = 96;

/** Most bytes of numbers and lengths of one text in a list, and of one entry of a map. */
const TEXT_BYTES = 4;
const ENTRY_BYTES = 16;

/** A service as the registry holds it: its own word, and when it was heard of. */
export class RegisteredService implements Service {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly type: ServiceType;
  readonly inputEventTypes: readonly string[];
  readonly outputEventTypes: readonly string[];
  readonly endpoint: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly maxInflight: number;
  expired = false;
  /** Whether it has been heard of since it was kept last. */
  isUnsaved = false;
  /** Heartbeats in a row that came too late; once there were enough to tell, it stays so. */
  lateBeats = 0;
  /** Most bytes that its registration takes in a list of either protocol. */
  readonly #ownBytes: number;
  #metrics: Readonly<Record<string, string>>;
  #bytes: number;

  constructor(
    readonly registration: Registration,
    /** What it told last of itself. */
    public told: ServiceStatus,
    metrics: Readonly<Record<string, string>>,
    readonly registeredAt: number,
    public lastHeartbeatAt: number,
    /** The same by the clock that only goes forward. */
    public heardAt: number,
  ) {
    this.id = registration.id;
    this.name = registration.name;
    this.description = registration.description;
    this.version = registration.version;
    this.type = registration.type;
    this.inputEventTypes = registration.inputEventTypes;
    this.outputEventTypes = registration.outputEventTypes;
    this.endpoint = registration.endpoint;
    this.metadata = registration.metadata;
    this.maxInflight = registration.maxInflight;
    this.#ownBytes = registrationBytes(registration);
    this.#metrics = metrics;
    this.#bytes = this.bytesWith(metrics);
  }

  get status(): ServiceStatus {
    return this.expired ? "UNHEALTHY" : this.told;
  }

  get metrics(): Readonly<Record<string, string>> {
    return this.#metrics;
  }

  set metrics(metrics: Readonly<Record<string, string>>) {
    this.#metrics = metrics;
    this.#bytes = this.bytesWith(metrics);
  }

  /** Most bytes that it takes in a list of either protocol. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The same with other metrics. */
  bytesWith(metrics: Readonly<Record<string, string>>): number {
    return this.#ownBytes + mapBytes(metrics);
  }

  /** As it is kept. */
  stored(): StoredService {
    return {
      registration: this.registration,
      status: this.told,
      metrics: this.#metrics,
      registeredAt: this.registeredAt,
      lastHeartbeatAt: this.lastHeartbeatAt,
    };
  }
}

function registrationBytes(registration: Registration): number {
  const { id, name, description, version, endpoint, metadata } = registration;
  // The older protocol tells the id twice.
  const texts = [id, id, name, description, version, endpoint];
  let bytes = SERVICE_BYTES + mapBytes(metadata);
  for (
    const text of [...texts, ...registration.inputEventTypes, ...registration.outputEventTypes]
  ) {
    bytes += TEXT_BYTES + Buffer.byteLength(text);
  }
  return bytes;
}

function mapBytes(map: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const [key, value] of Object.entries(map)) {
    bytes += ENTRY_BYTES + Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  return bytes;
}
