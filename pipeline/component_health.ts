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
  try {
    const answer = await fetch(`http://${host}:${port}/health`, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const health = await answer.json() as ComponentHealth;
    return answer.ok ? health : undefined;
  } catch {
    return undefined;
  }
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
