import type { ComponentDeclaration } from "../config/mod.ts";
import type { Clock } from "./clock.ts";
import type { HealthFlow, HealthProgress, HealthReport } from "./component.ts";
import { describeError } from "./describe_error.ts";
import { jsonText } from "./json_text.ts";
import type { MetricsRegistry } from "./metrics_registry.ts";

/** The answer of `/health`. */
export interface HealthAnswer {
  /** The component's own, or `stopping` once a stop has begun. */
  readonly status: HealthReport["status"] | "stopping";
  /** Name of the component. */
  readonly component: string;
  /** Its version. */
  readonly version: string;
  /** Time since the process began to start, in seconds. */
  readonly uptime_seconds: number;
  /** The real ports by name, those of port 0 included. */
  readonly ports: Readonly<Record<string, number>>;
  /** Memory of the process that is in use, in bytes. */
  readonly rss_bytes: number;
  /** How far the component is; absent until it has said so. */
  readonly progress?: HealthProgress;
  /** How work flows through the component; absent until it has said so. */
  readonly flow?: HealthFlow;
  /** What the component reports. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** The part of the answer that the component decides. */
export type HealthState = Pick<
  HealthAnswer,
  "status" | "ports" | "progress" | "flow" | "details"
>;

/** What a health server is made of. */
export interface HealthServerOptions {
  /** Whose health it is. */
  readonly declaration: ComponentDeclaration;
  /** Address to listen on. */
  readonly hostname: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** For the uptime and the grace of a stop. */
  readonly clock: Clock;
  /** What `/metrics` shows. */
  readonly metrics: MetricsRegistry;
  /** The state now; what it throws counts as unhealthy. */
  readonly health: () => HealthState;
}

/** Answers a GET or HEAD request for one path; what it throws is told as 500. */
export type HttpRoute = (request: Request) => Response | Promise<Response>;

/** Answers of further paths, by path. */
export type HttpRoutes = Readonly<Record<string, HttpRoute>>;

/** The health port cannot be opened; the message names it and says what to do. */
export class HealthServerError extends Error {
  /** The class's name. */
  override readonly name = "HealthServerError";
  /** Tells this error from others. */
  readonly code = "HEALTH_PORT";
}

/** How long a stop waits for answers on their way. */
const STOP_GRACE_MS = 500;

/**
 * Answers `/health` (200, or 503 when the process cannot do its work), `/metrics`, and whatever paths
 * a component adds, over HTTP.
 * Started once and stopped once; whoever starts it stops it.
 */
export class HealthServer {
  readonly #options: HealthServerOptions;
  readonly #startedAt: number;
  readonly #routes: Map<string, HttpRoute>;
  #server: Deno.HttpServer<Deno.NetAddr> | undefined;

  /** Does not listen yet. */
  constructor(options: HealthServerOptions) {
    this.#options = options;
    this.#startedAt = options.clock.monotonic();
    this.#routes = new Map<string, HttpRoute>([
      [options.declaration.healthEndpoint, () => this.#healthResponse()],
      [METRICS_PATH, () => this.#metricsResponse()],
    ]);
  }

  /**
   * Answers further paths from now on.
   *
   * @throws {Error} when a path is answered already
   */
  addRoutes(routes: HttpRoutes): void {
    for (const [path, route] of Object.entries(routes)) {
      if (this.#routes.has(path)) throw new Error(`the path "${path}" is answered already`);
      this.#routes.set(path, route);
    }
  }

  /**
   * Listens.
   *
   * @returns the port it listens on
   * @throws {HealthServerError} when the port is taken or the address is not this machine's
   */
  start(): number {
    const { hostname, port } = this.#options;
    try {
      this.#server = Deno.serve(
        { hostname, port, onListen: () => {}, onError: (error) => this.#failed(error) },
        (request) => this.#answer(request),
      );
    } catch (error) {
      throw new HealthServerError(describeListenError(hostname, port, error), { cause: error });
    }
    return this.#server.addr.port;
  }

  /** Lets answers on their way finish for a moment, then closes all connections. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = server.shutdown();
    const grace = new AbortController();
    await Promise.race([
      closed,
      this.#options.clock.sleep(STOP_GRACE_MS, grace.signal).catch(() => {}),
    ]);
    grace.abort();
  }

  /** The same as `stop`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const route = this.#routes.get(pathname);
    if (route === undefined) {
      const paths = [...this.#routes.keys()];
      const all = `${paths.slice(0, -1).join(", ")} and ${paths.at(-1)}`;
      return jsonResponse(404, { error: `no such path: "${pathname}"; there are ${all}` });
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      const error = `"${request.method}" is not allowed; use GET`;
      return jsonResponse(405, { error }, { allow: "GET, HEAD" });
    }
    return await route(request);
  }

  async #metricsResponse(): Promise<Response> {
    const { metrics } = this.#options;
    return new Response(await metrics.text(), { headers: { "content-type": metrics.contentType } });
  }

  #healthResponse(): Response {
    const answer = this.#health();
    const down = answer.status !== "healthy" && answer.status !== "degraded";
    return jsonResponse(down ? 503 : 200, answer);
  }

  #health(): HealthAnswer {
    const { declaration, clock, health } = this.#options;
    let state: HealthState;
    try {
      state = health();
    } catch (error) {
      state = { status: "unhealthy", ports: {}, details: { error: describeError(error) } };
    }
    return {
      status: state.status,
      component: declaration.name,
      version: declaration.version,
      uptime_seconds: Math.round(clock.monotonic() - this.#startedAt) / 1000,
      ports: state.ports,
      rss_bytes: Deno.memoryUsage().rss,
      ...(state.progress === undefined ? {} : { progress: state.progress }),
      ...(state.flow === undefined ? {} : { flow: state.flow }),
      details: state.details,
    };
  }

  #failed(error: unknown): Response {
    return jsonResponse(500, { error: describeError(error) });
  }
}

const METRICS_PATH = "/metrics";

const encoder = new TextEncoder();

/** An answer in JSON that nobody keeps; a bigint is written as text. */
export function jsonResponse(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  const bytes = encoder.encode(`${jsonText(body)}\n`);
  return new Response(bytes, {
    status,
    headers: {
      "content-type": "application/json",
      "content-length": String(bytes.length),
      "cache-control": "no-store",
      ...headers,
    },
  });
}

function describeListenError(hostname: string, port: number, error: unknown): string {
  if (error instanceof Deno.errors.AddrInUse) {
    return `HEALTH_PORT ${port} on ${hostname} is taken by another process; ` +
      "stop that one, or set HEALTH_PORT to a free port, or to 0 to pick one";
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `BIND_ADDRESS "${hostname}" is not an address of this machine; use 127.0.0.1 or one it has`;
  }
  return `cannot listen on ${hostname}:${port} (BIND_ADDRESS, HEALTH_PORT): ${
    describeError(error)
  }`;
}
