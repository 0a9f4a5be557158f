import { type Clock, realClock } from "../component/mod.ts";
import {
  connectControlPlane,
  type ConnectOptions,
  type ControlPlaneClient,
  OneClient,
} from "../controller/mod.ts";
import { monitoredService } from "./monitored_service.ts";
import type { MonitorReading } from "./pipeline_snapshot.ts";

/** Which control plane is read, and how. */
export interface ControlPlaneReaderOptions extends ConnectOptions {
  /** The machine's time by default. */
  readonly clock?: Clock;
  /** Makes the client; one over gRPC by default. */
  readonly connect?: (options: ConnectOptions) => ControlPlaneClient | Promise<ControlPlaneClient>;
}

/**
 * Reads the services of any control plane, by either protocol. The older one tells no event types,
 * so that nothing is said there of who reads whom.
 *
 * Life: connects with the first reading, `close()`.
 *
 * ```ts
 * import {
 *   ControlPlane,
 *   ControlPlaneReader,
 *   PipelineMonitor,
 * } from "@obsrvr/stellar-components/flowctl";
 *
 * await using controlPlane = new ControlPlane({ port: 0 });
 * const { port } = await controlPlane.start();
 * using reader = new ControlPlaneReader({ endpoint: `127.0.0.1:${port}` });
 * await using monitor = new PipelineMonitor({ read: (signal) => reader.read(signal) });
 * console.log((await monitor.look()).health.reasons);
 * ```
 */
export class ControlPlaneReader {
  readonly #clock: Clock;
  readonly #ending = new AbortController();
  readonly #client: OneClient;

  /** Connects to nobody yet. */
  constructor(options: ControlPlaneReaderOptions) {
    const connect = options.connect ?? connectControlPlane;
    this.#clock = options.clock ?? realClock;
    this.#client = new OneClient(() => connect(options), this.#ending.signal);
  }

  /**
   * All services now.
   *
   * @throws {ControlPlaneError} when the control plane cannot be asked; the message names it
   */
  async read(signal: AbortSignal): Promise<MonitorReading> {
    const client = await this.#client.get(signal);
    const listed = await client.list(undefined, signal);
    const now = this.#clock.now();
    return {
      services: listed.map((service) => monitoredService(service, now)),
      problems: [],
      joined: client.protocol !== "legacy",
    };
  }

  /** Closes the connection. */
  close(): void {
    this.#ending.abort(new DOMException("the reader is closed", "AbortError"));
    this.#client.close();
  }

  /** The same as `close`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
