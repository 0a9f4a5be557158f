/** An upstream that was discovered and may not be used; the sentence names DISCOVERY_ALLOW. */
export class DiscoveryRefusedError extends Error {
  /** The class's name. */
  override readonly name = "DiscoveryRefusedError";
  /** Tells this error from others. */
  readonly code = "DISCOVERY_ALLOW";

  /** @param endpoint what the service registered */
  constructor(readonly serviceId: string, readonly endpoint: string, rule: string) {
    super(`The service "${serviceId}", found by discovery at "${endpoint}", is not used: ${rule}`);
  }
}

/** `host:port`, an IPv6 address in brackets, with or without a scheme before and a path behind. */
const ADDRESS = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9._-]*):0*(\d{1,5})(?:\/.*)?$/i;

/**
 * Which endpoints discovery may find: DISCOVERY_ALLOW, which is also what the process has net
 * permission for. Whoever may register with a control plane decides where its readers connect to;
 * this is what they cannot change.
 */
export class DiscoveryAllow {
  readonly #hosts: ReadonlySet<string>;

  /** @param entries hosts, allowed on any port, or `host:port` */
  constructor(private readonly entries: readonly string[]) {
    this.#hosts = new Set(entries.map((entry) => entry.toLowerCase().replace(/:0+(?=\d+$)/, ":")));
  }

  /**
   * Where a service can be connected to, as `host:port`.
   *
   * @throws {DiscoveryRefusedError} when that is not allowed, or when it names no address
   */
  address(service: { readonly id: string; readonly endpoint: string }): string {
    const { id, endpoint } = service;
    const [, host = "", port = ""] = ADDRESS.exec(endpoint) ?? [];
    if (host === "") {
      const rule = "it must register as host:port to be connected to.";
      throw new DiscoveryRefusedError(id, endpoint, rule);
    }
    const address = `${host.toLowerCase()}:${port}`;
    if (this.#hosts.has(host.toLowerCase()) || this.#hosts.has(address)) return address;
    const rule = `DISCOVERY_ALLOW is "${this.entries.join(",")}"; ` +
      `add ${host} or ${host}:${port} to it to allow that.`;
    throw new DiscoveryRefusedError(id, endpoint, rule);
  }
}
