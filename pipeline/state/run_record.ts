/** What a manager writes of its run, for the commands that look for it. */
export interface RunRecord {
  /** Process of the manager. */
  readonly pid: number;
  /** Name or path of the profile. */
  readonly profile: string;
  /** When the run began, in ISO 8601. */
  readonly since: string;
  /** Whether it runs without a terminal. */
  readonly detached: boolean;
  /** Longest stop of one of its components, in milliseconds. */
  readonly graceMs: number;
  /** Where the manager answers on loopback, and the token that it asks for. */
  readonly control: { readonly port: number; readonly token: string };
}

/** Reads the text of a record; `undefined` when it is none, as after a machine that lost its power. */
export function parseRunRecord(text: string): RunRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { pid, profile, since, detached, graceMs, control } = value as Record<string, unknown>;
  const { port, token } = (control ?? {}) as Record<string, unknown>;
  const isWhole = isPid(pid) && typeof profile === "string" && typeof since === "string" &&
    typeof detached === "boolean" && typeof graceMs === "number" && typeof port === "number" &&
    typeof token === "string";
  return isWhole ? { pid, profile, since, detached, graceMs, control: { port, token } } : undefined;
}

/** A component's process as its pid file has it. */
export interface ProcessRecord {
  /** Name of the component. */
  readonly component: string;
  /** Its process id. */
  readonly pid: number;
  /** When the process was started, as the system tells it: a reused id has another start. */
  readonly startedAt: string;
}

/** Reads the text of a pid file; `undefined` when it is none. */
export function parseProcessRecord(text: string): ProcessRecord | undefined {
  try {
    const { component, pid, startedAt } = JSON.parse(text) as Record<string, unknown>;
    const isWhole = typeof component === "string" && isPid(pid) && typeof startedAt === "string";
    return isWhole ? { component, pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

/** Ids of 0 and below mean groups of processes, which nobody may signal by mistake. */
function isPid(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
