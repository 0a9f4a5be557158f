import { get } from "node:http";
import type { HealthAnswer } from "./health_server.ts";

/** What came back from a health port. */
export interface HealthReply {
  /** HTTP status; `undefined` when there was no answer. */
  readonly code: number | undefined;
  /** The answer; `undefined` when there was none, or none that could be read. */
  readonly answer: HealthAnswer | undefined;
  /** Why there is no answer. */
  readonly error?: string;
}

/** Longest wait for one answer: a component that takes longer is as good as silent. */
const ANSWER_TIMEOUT_MS = 2_000;

/** Longest answer that is read; a component's has some hundred bytes. */
const MAX_ANSWER_LENGTH = 1 << 20;

/** Asks a component how it is. Never rejects. */
export async function askHealth(
  host: string,
  port: number,
  signal?: AbortSignal,
): Promise<HealthReply> {
  const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const { code, text } = await ask(host, port, either);
    const answer: unknown = JSON.parse(text);
    if (isAnswer(answer)) return { code, answer };
    return { code: undefined, answer: undefined, error: "what listens there is no component" };
  } catch (error) {
    const late = `no answer within ${ANSWER_TIMEOUT_MS / 1000} s`;
    return { code: undefined, answer: undefined, error: timeout.aborted ? late : reasonOf(error) };
  }
}

/** Whether an answer is that of a component that does its work. */
export function isWell({ code }: HealthReply): boolean {
  return code === 200;
}

/** A port that a component has left may be another program's by the time it is asked. */
function isAnswer(value: unknown): value is HealthAnswer {
  if (typeof value !== "object" || value === null) return false;
  const { status, details } = value as Partial<Record<keyof HealthAnswer, unknown>>;
  return typeof status === "string" && typeof details === "object" && details !== null;
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === "ECONNREFUSED" ? "nothing listens there" : String(message);
}

/** Not `fetch`, which would ask a proxy of the environment for processes of this machine. */
function ask(
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<{ code: number | undefined; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    code: number | undefined;
    text: string;
  }>();
  const hostname = host.replace(/^\[|\]$/g, "");
  const request = get({ hostname, port, path: "/health", agent: false, signal }, (answer) => {
    let text = "";
    answer.setEncoding("utf8");
    answer.on("data", (part: string) => {
      text += part;
      if (text.length > MAX_ANSWER_LENGTH) request.destroy(new Error("the answer has no end"));
    });
    answer.on("end", () => resolve({ code: answer.statusCode, text }));
    answer.on("error", reject);
  });
  request.on("error", reject);
  return promise;
}
