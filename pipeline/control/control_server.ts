import { timingSafeEqual } from "node:crypto";
import { RestartError } from "../supervision/mod.ts";
import type { PipelineReport } from "../../flowctl/mod.ts";
import type { EndpointHealth } from "./endpoint_health.ts";
import type { PipelineStatus } from "./pipeline_status.ts";

/** What the manager lets other processes of its user do. */
export interface ControlActions {
  status(): PipelineStatus;
  /** Asks every endpoint now. */
  health(): Promise<EndpointHealth[]>;
  /** How the pipeline is, and what to do about it. */
  report(): Promise<PipelineReport>;
  /** Restarts a component, or all. May throw RestartError. */
  restart(component: string | undefined): Promise<void>;
}

/**
 * The manager's own port, on loopback, for the commands of the same user: whoever can read the token
 * in the state folder. `GET /status`, `GET /health`, `GET /report`, `POST /restart?component=NAME`. `start()`, `stop()`.
 */
export class ControlServer implements AsyncDisposable {
  /** What callers must send as bearer token. */
  readonly token = crypto.randomUUID();
  readonly #actions: ControlActions;
  #server: Deno.HttpServer<Deno.NetAddr> | undefined;

  constructor(actions: ControlActions) {
    this.#actions = actions;
  }

  /** Listens; answers the port. */
  start(): number {
    this.#server = Deno.serve(
      {
        hostname: "127.0.0.1",
        port: 0,
        onListen: () => {},
        onError: (error) => failed(500, error),
      },
      (request) => this.#answer(request),
    );
    return this.#server.addr.port;
  }

  async stop(): Promise<void> {
    await this.#server?.shutdown();
    this.#server = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #answer(request: Request): Promise<Response> {
    if (!isSame(request.headers.get("authorization") ?? "", `Bearer ${this.token}`)) {
      return failed(401, "the token of the state folder is missing");
    }
    const { pathname, searchParams } = new URL(request.url);
    switch (`${request.method} ${pathname}`) {
      case "GET /status":
        return Response.json(this.#actions.status());
      case "GET /health":
        return Response.json(await this.#actions.health());
      case "GET /report":
        return Response.json(await this.#actions.report());
      case "POST /restart":
        return await this.#restart(searchParams.get("component") ?? undefined);
      default:
        return failed(404, `no such action: ${request.method} ${pathname}`);
    }
  }

  async #restart(component: string | undefined): Promise<Response> {
    try {
      await this.#actions.restart(component);
      return Response.json(this.#actions.status());
    } catch (error) {
      if (error instanceof RestartError) return failed(409, error);
      throw error;
    }
  }
}

function failed(status: number, reason: unknown): Response {
  const error = reason instanceof Error ? reason.message : String(reason);
  return Response.json({ error }, { status });
}

/** In a time that does not tell how much of a token was right. */
function isSame(a: string, b: string): boolean {
  const encoder = new TextEncoder();
  const [one, other] = [encoder.encode(a), encoder.encode(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
