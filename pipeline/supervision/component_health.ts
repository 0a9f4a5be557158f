import { get } from "node:http";

/** What a component answers on `/health`. */
export interface ComponentHealth {
  readonly status: "healthy" | "starting" | "degraded" | "unhealthy";
  readonly details: Readonly<Record<string, unknown>>;
}

/** Longest wait for one answer: a component that takes longer is as good as silent. */
const ANSWER_TIMEOUT_MS = 2_000;

/** Time between two questions while a component is not yet healthy. */
const ASK_AGAIN_MS = 50;

/** Asks a component how it is; `undefined` when it gives no answer or is not healthy. */
export async function readHealth(
  host: string,
  port: number,
  signal?: AbortSignal,
): Promise<ComponentHealth | undefined> {
  const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const { status, text } = await ask(host, port, either);
    return status === 200 ? JSON.parse(text) as ComponentHealth : undefined;
  } catch {
    return undefined;
  }
}

/** Not `fetch`, which would ask a proxy of the environment for processes of this machine. */
function ask(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<{ status: number | undefined; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number | undefined;
    text: string;
  }>();
  const hostname = host.replace(/^\[|\]$/g, "");
  const request = get({ hostname, port, path: "/health", agent: false, signal }, (answer) => {
    let text = "";
    answer.setEncoding("utf8");
    answer.on("data", (part: string) => text += part);
    answer.on("end", () => resolve({ status: answer.statusCode, text }));
    answer.on("error", reject);
  });
  request.on("error", reject);
  return promise;
}

/** Asks until the component is healthy; its first healthy answer, or `undefined` when aborted. */
export async function waitHealthy(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<ComponentHealth | undefined> {
  while (!signal.aborted) {
    const health = await readHealth(host, port, signal);
    if (health !== undefined) return health;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  return undefined;
}
