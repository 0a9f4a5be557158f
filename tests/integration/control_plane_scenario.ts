import { Client, credentials } from "@grpc/grpc-js";
import { namedTarget } from "../../grpc/mod.ts";
import { ControlPlane, type ControlPlaneOptions } from "../../flowctl/control_plane/mod.ts";
import {
  connectControlPlane,
  type ConnectOptions,
  Controller,
  type ControllerOptions,
  type OwnRegistration,
} from "../../flowctl/controller/mod.ts";
import { Discovery, type DiscoveryOptions } from "../../flowctl/discovery/mod.ts";
import { eventually } from "../e2e/patience.ts";

/** The control plane that the suite runs against; one of our own where none is named. */
export const NAMED_ENDPOINT = Deno.env.get("FLOWCTL_ENDPOINT") || undefined;

/** Heartbeats and looks come often, so that no test waits for one. */
const OFTEN_MS = 100;

/** Services beyond which heartbeats come at their usual interval: they would be the whole load. */
const MANY_SERVICES = 10;

/**
 * Services of one test at a control plane that others may use as well: ids and event types are the
 * test's own, and whatever it has registered is taken back at its end.
 */
export class Scenario implements AsyncDisposable {
  readonly #run = crypto.randomUUID().slice(0, 8);
  readonly #parts: { stop(): Promise<void> }[] = [];
  readonly #raw: Client[] = [];
  readonly #ids = new Set<string>();

  /** @param plane absent where it is not ours */
  private constructor(readonly endpoint: string, readonly plane: ControlPlane | undefined) {}

  /** @param options of a control plane of our own */
  static async start(options: ControlPlaneOptions = {}): Promise<Scenario> {
    if (NAMED_ENDPOINT !== undefined) return new Scenario(NAMED_ENDPOINT, undefined);
    const plane = new ControlPlane({ port: 0, ...options });
    const { port } = await plane.start();
    return new Scenario(`localhost:${port}`, plane);
  }

  /** A name that no other test uses. */
  own(name: string): string {
    return `${name}-${this.#run}`;
  }

  /** A running controller of a service; its id is `own(name)`. */
  service(
    name: string,
    registration: Omit<OwnRegistration, "name">,
    options: Partial<ControllerOptions> = {},
  ): Controller {
    const id = this.own(name);
    this.#ids.add(id);
    const controller = new Controller({
      endpoint: this.endpoint,
      registration: { id, name, ...registration },
      ...(this.#ids.size > MANY_SERVICES ? {} : { heartbeatIntervalMs: OFTEN_MS }),
      ...options,
    });
    this.#parts.push(controller);
    controller.start();
    return controller;
  }

  /** A running discovery. */
  async discovery(options: Partial<DiscoveryOptions> = {}): Promise<Discovery> {
    const discovery = new Discovery({
      endpoint: this.endpoint,
      refreshIntervalMs: () => OFTEN_MS,
      ...options,
    });
    this.#parts.push(discovery);
    discovery.start();
    await discovery.ready();
    return discovery;
  }

  /** A client for what no controller does. */
  async client(protocol: ConnectOptions["protocol"] & string) {
    const client = await connectControlPlane({ endpoint: this.endpoint, protocol });
    this.#parts.push({ stop: () => Promise.resolve(client.close()) });
    return client;
  }

  /** A client for what no client of ours would send. */
  raw(): Client {
    const client = new Client(namedTarget(this.endpoint), credentials.createInsecure());
    this.#raw.push(client);
    return client;
  }

  /** A service that is registered without a controller is taken back too. */
  takeBack(id: string): void {
    this.#ids.add(id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.stop()));
    for (const client of this.#raw) client.close();
    if (this.plane !== undefined) return await this.plane.stop();
    // The older protocol cannot say that a service leaves.
    const client = await connectControlPlane({ endpoint: this.endpoint, protocol: "v1" });
    await Promise.all([...this.#ids].map((id) => client.unregister(id)));
    client.close();
  }
}

/** Waits until what is known of the services is as it should be. */
export async function known(
  discovery: Discovery,
  what: string,
  holds: () => boolean,
): Promise<void> {
  const said = () => JSON.stringify(discovery.services(), undefined, 1);
  await eventually(what, async () => {
    await discovery.refresh();
    return holds();
  }, said);
}
