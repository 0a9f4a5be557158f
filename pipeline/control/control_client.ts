import { request as httpRequest } from "node:http";
import type { PipelineReport } from "../../flowctl/mod.ts";
import type { RunRecord } from "../state/mod.ts";
import type { EndpointHealth } from "./endpoint_health.ts";
import type { PipelineStatus } from "./pipeline_status.ts";

/**
 * Longest wait for an answer; a manager that takes longer is as good as gone. It has told a status at
 * once, and asks all endpoints together, each for some seconds. A restart takes what it takes.
 */
const ANSWER_TIMEOUT_MS = 10_000;

/** The manager refuses, or gives no answer; the message says why. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly code = "CONTROL";
}

/** Talks with the manager of a run. */
export class ControlClient {
  readonly #control: RunRecord["control"];
  readonly #timeoutMs: number;

  constructor({ control }: Pick<RunRecord, "control">, timeoutMs = ANSWER_TIMEOUT_MS) {
    this.#control = control;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * What the pipeline is doing.
   *
   * @throws {ControlError}
   */
  async status(): Promise<PipelineStatus> {
    return await this.#call("GET", "/status", this.#timeout()) as PipelineStatus;
  }

  /**
   * What every endpoint answers now.
   *
   * @throws {ControlError}
   */
  async health(): Promise<EndpointHealth[]> {
    return await this.#call("GET", "/health", this.#timeout()) as EndpointHealth[];
  }

  /**
   * How the pipeline is, and what to do about it.
   *
   * @throws {ControlError}
   */
  async report(): Promise<PipelineReport> {
    return await this.#call("GET", "/report", this.#timeout()) as PipelineReport;
  }

  /**
   * Restarts a component, or all; resolves when they are ready again.
   *
   * @throws {ControlError}
   */
  async restart(component: string | undefined): Promise<PipelineStatus> {
    const query = component === undefined ? "" : `?component=${encodeURIComponent(component)}`;
    return await this.#call("POST", `/restart${query}`) as PipelineStatus;
  }

  #timeout(): AbortSignal {
    return AbortSignal.timeout(this.#timeoutMs);
  }

  /** Not `fetch`, which would ask a proxy of the environment for a process of this machine. */
  #call(method: string, path: string, signal?: AbortSignal): Promise<unknown> {
    const { port, token } = this.#control;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const request = httpRequest({
      hostname: "127.0.0.1",
      port,
      path,
      method,
      agent: false,
      headers: { authorization: `Bearer ${token}` },
      ...(signal === undefined ? {} : { signal }),
    }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => text += part);
      answer.on("error", (error) => reject(silent(error)));
      answer.on("end", () => {
        const body = readJson(text);
        if (answer.statusCode === 200) resolve(body);
        else reject(new ControlError(String((body as { error?: unknown } | undefined)?.error)));
      });
    });
    request.on("error", (error) => reject(silent(error)));
    request.end();
    return promise;
  }
}

function silent(cause: unknown): ControlError {
  return new ControlError("the manager gives no answer", { cause });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
