import process from "node:process";

/** Longest wait for anything a pipeline does. Far above what it takes, so only a hang ends here. */
const PATIENCE_MS = 90_000;

/** Time between two looks at what has no event to wait for. */
const LOOK_EVERY_MS = 20;

/**
 * Waits for what should come; fails when it does not within our patience.
 *
 * @param what the failure, such as "the pipeline does not end"
 * @param said what was said until then, for the failure's message
 */
export async function patiently<T>(
  what: string,
  wait: Promise<T>,
  said: () => string = () => "",
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}:\n${said()}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([wait, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks until something holds; fails with `what` when it does not within our patience. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  said: () => string = () => "",
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!await holds()) {
    if (performance.now() > deadline) throw new Error(`${what}:\n${said()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Sends a signal; a process that is gone is left alone. */
export function kill(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until none of the processes is there. */
export async function allGone(pids: readonly number[]): Promise<void> {
  await eventually(
    `still there, out of the processes ${pids.join(", ")}`,
    () => !pids.some(isAlive),
    () => pids.filter(isAlive).join(", "),
  );
}
