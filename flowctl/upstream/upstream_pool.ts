import type { ComponentContext } from "../component/mod.ts";
import { findsUpstream, upstreamEndpoints } from "../config/mod.ts";
import {
  ConnectionPool,
  type ConnectionPoolOptions,
  type Poolable,
  poolOptionsOf,
} from "../connection_pool/mod.ts";
import { UpstreamDiscovery } from "../discovery/mod.ts";

/**
 * Longest wait for a connection to the upstream. Connections go on opening after it; whoever waits
 * learns within it that nobody is there, and can say so.
 */
const ACQUIRE_TIMEOUT_MS = 2_000;

/** How a component connects to the one before it. */
export interface UpstreamPoolOptions<C extends Poolable>
  extends Pick<ConnectionPoolOptions<C>, "connect" | "check"> {
  /** The variable that names the upstreams: SOURCE_ENDPOINT or PROCESSOR_ENDPOINT. */
  readonly variable: string;
}

/**
 * The connections of a component to the one before it: to the endpoints that its variable names, or
 * to those that discovery finds. Their limits are the variables CONNECTION_POOL_*.
 *
 * Life: `start()` returns at once, `stop()` closes everything.
 */
export class UpstreamPool<C extends Poolable> {
  /** The connections. */
  readonly pool: ConnectionPool<C>;
  /** Streams that may be open at once. */
  readonly maxConnections: number;
  readonly #isNamed: boolean;
  #discovery: UpstreamDiscovery | undefined;

  private constructor(context: ComponentContext, options: UpstreamPoolOptions<C>) {
    const { config, clock } = context;
    const { variable, connect, check } = options;
    const limits = poolOptionsOf(config);
    this.maxConnections = limits.max;
    this.#isNamed = !findsUpstream(config, variable);
    this.pool = new ConnectionPool<C>({
      ...limits,
      endpoints: upstreamEndpoints(config, variable),
      connect,
      check,
      clock,
      acquireTimeoutMs: Math.min(ACQUIRE_TIMEOUT_MS, limits.connectTimeoutMs),
      emptyReason: () => this.#discovery?.reason ?? `${variable} names no endpoint.`,
    });
  }

  /** The pool of a component; nothing is opened yet. Throws ConfigError. */
  static async of<C extends Poolable>(
    context: ComponentContext,
    options: UpstreamPoolOptions<C>,
  ): Promise<UpstreamPool<C>> {
    const upstream = new UpstreamPool(context, options);
    if (upstream.#isNamed) return upstream;
    upstream.#discovery = await UpstreamDiscovery.of(context, {
      check: (endpoint) => options.connect(endpoint).close(),
      take: (endpoints) => upstream.pool.replaceEndpoints(endpoints),
    });
    return upstream;
  }

  /** The endpoints, for people. */
  get text(): string {
    const listed = this.pool.stats().endpoints.filter(({ state }) => state !== "gone");
    return listed.map(({ endpoint }) => endpoint).join(", ") || "found by discovery";
  }

  /** Begins to connect, and to look for upstreams, in the background. */
  start(): void {
    this.pool.start();
    this.#discovery?.start();
  }

  /** Ends it; connections in use are closed when they are given back, or after `graceMs`. */
  async stop(graceMs?: number): Promise<void> {
    await Promise.all([this.pool.stop(graceMs), this.#discovery?.stop()]);
  }
}
