import type { ControlPlaneClient } from "./control_plane_client.ts";

/**
 * The one client of a control plane, made when it is first asked for, however many ask meanwhile. A
 * making that fails is tried again by whoever asks next; a client that is ready only after the end is
 * closed at once.
 */
export class OneClient {
  readonly #connect: () => ControlPlaneClient | Promise<ControlPlaneClient>;
  readonly #ending: AbortSignal;
  #connecting: Promise<ControlPlaneClient> | undefined;
  #client: ControlPlaneClient | undefined;

  /** @param ending aborts when no client is wanted any more */
  constructor(
    connect: () => ControlPlaneClient | Promise<ControlPlaneClient>,
    ending: AbortSignal,
  ) {
    this.#connect = connect;
    this.#ending = ending;
  }

  /** The client, if it is there already. */
  get current(): ControlPlaneClient | undefined {
    return this.#client;
  }

  /** The client; throws the bound's reason where that ended before it was there. */
  async get(bound: AbortSignal): Promise<ControlPlaneClient> {
    this.#connecting ??= this.#make().catch((error) => {
      this.#connecting = undefined;
      throw error;
    });
    const client = await this.#connecting;
    bound.throwIfAborted();
    return client;
  }

  /** Closes the client, if there is one. */
  close(): void {
    this.#client?.close();
  }

  async #make(): Promise<ControlPlaneClient> {
    const client = await this.#connect();
    if (this.#ending.aborted) {
      client.close();
      throw this.#ending.reason;
    }
    return this.#client = client;
  }
}
