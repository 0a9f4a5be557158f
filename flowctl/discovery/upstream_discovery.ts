import { type ComponentContext, loadControlPlaneSecurity, type Logger } from "../component/mod.ts";
import type { ControlPlaneProtocol } from "../controller/mod.ts";
import { DEFAULT_REFRESH_INTERVAL_MS, Discovery } from "./discovery.ts";
import { addDiscoveryMetrics } from "./discovery_metrics.ts";
import { DiscoveryAllow, DiscoveryRefusedError } from "./discovery_allow.ts";

/** What is done with upstreams that are found. */
export interface UpstreamUse {
  /** Throws for an address that cannot be used. */
  readonly check: (endpoint: string) => void;
  /** Takes the addresses of all upstreams now, at least one, in the order in which they are wanted. */
  readonly take: (endpoints: readonly string[]) => void;
}

/** What an upstream discovery is made of. */
export interface UpstreamDiscoveryOptions extends UpstreamUse {
  /** What the upstream serves. */
  readonly eventType: string;
  /** Who is there; started and stopped with this. */
  readonly discovery: Discovery;
  /** Which addresses may be used. */
  readonly allow: DiscoveryAllow;
  /** Told who was found, and who was refused. */
  readonly log: Logger;
}

/**
 * Finds the upstreams of a component by what they serve, and follows their changes. An upstream that
 * is no longer listed is used as long as it works, and the last ones known while there are none: the
 * control plane never stands in the data path.
 *
 * Life: `start()` returns at once; `stop()`.
 */
export class UpstreamDiscovery {
  readonly #options: UpstreamDiscoveryOptions;
  /** Sentences of refusals that the log has told. */
  readonly #told = new Set<string>();
  #taken = "";

  /** Looks for nothing before `start()`. */
  constructor(options: UpstreamDiscoveryOptions) {
    this.#options = options;
    options.discovery.watchLooks(() => this.#follow());
  }

  /** The discovery of a component that is left to find its upstream. Throws ConfigError. */
  static async of(
    { declaration, config, log, metrics, clock }: ComponentContext,
    use: UpstreamUse,
  ): Promise<UpstreamDiscovery> {
    let isFound = false;
    const eventType = declaration.inputEventTypes[0]!;
    return new UpstreamDiscovery({
      ...use,
      take: (all) => {
        isFound = true;
        use.take(all);
      },
      eventType,
      discovery: new Discovery({
        ...await loadControlPlaneSecurity(config, log),
        ...addDiscoveryMetrics(metrics),
        serves: eventType,
        endpoint: config.string("FLOWCTL_ENDPOINT"),
        protocol: config.string("FLOWCTL_PROTOCOL") as ControlPlaneProtocol | "auto",
        refreshIntervalMs: () => isFound ? DEFAULT_REFRESH_INTERVAL_MS : SEARCH_INTERVAL_MS,
        log,
        clock,
      }),
      allow: new DiscoveryAllow(config.list("DISCOVERY_ALLOW")),
      log,
    });
  }

  /** Begins to look, in the background. */
  start(): void {
    this.#options.discovery.start();
  }

  /** Why nothing has been found, as a sentence, while nothing has. */
  get reason(): string {
    const { eventType, discovery } = this.#options;
    const missing = `No service that serves ${eventType} has been found by discovery yet`;
    const details = discovery.error ?? [...this.#told].at(-1);
    return details === undefined ? `${missing}.` : `${missing}: ${details}`;
  }

  /** Looks no more. */
  async stop(): Promise<void> {
    await this.#options.discovery.stop();
  }

  #follow(): void {
    const { discovery, eventType, take, log } = this.#options;
    const endpoints = new Set<string>();
    const refusals = new Set<string>();
    for (const service of discovery.producersOf(eventType)) {
      const address = this.#address(service, refusals);
      if (address !== undefined) endpoints.add(address);
    }
    this.#tell(refusals);
    const text = [...endpoints].join(", ");
    if (endpoints.size === 0 || text === this.#taken) return;
    this.#taken = text;
    log.info("Found by discovery what to read from", { endpoints: text });
    take([...endpoints]);
  }

  /** @param refusals takes why there is none */
  #address(
    service: { readonly id: string; readonly endpoint: string },
    refusals: Set<string>,
  ): string | undefined {
    try {
      const address = this.#options.allow.address(service);
      this.#options.check(address);
      return address;
    } catch (error) {
      const known = error instanceof DiscoveryRefusedError;
      refusals.add(
        known ? error.message : `${service.endpoint} cannot be used: ${(error as Error).message}`,
      );
      return undefined;
    }
  }

  /** Tells refusals that hold now once each; of more than can be remembered, the first ones. */
  #tell(refusals: ReadonlySet<string>): void {
    for (const sentence of refusals) {
      if (this.#told.has(sentence)) continue;
      if (this.#told.size >= MAX_REFUSALS) this.#forgetAllBut(refusals);
      // Services on hundreds of other machines would fill the log at each change of one of them.
      if (this.#told.size >= MAX_REFUSALS) return;
      this.#told.add(sentence);
      this.#options.log.warn(sentence);
    }
  }

  /** Whoever registers again and again must not fill the memory. */
  #forgetAllBut(refusals: ReadonlySet<string>): void {
    for (const sentence of this.#told) {
      if (!refusals.has(sentence)) this.#told.delete(sentence);
    }
  }
}

/** Time between two looks while there is nothing to read from: nothing else can be done meanwhile. */
const SEARCH_INTERVAL_MS = 1_000;

/** Refusals remembered, so that each is told once. */
const MAX_REFUSALS = 100;
