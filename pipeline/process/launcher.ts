import {
  proc,
  type ProcessFacts,
  processFacts,
  type ProcessIdentity,
  processStart,
} from "./process_identity.ts";

/**
 * Time between two looks for the launcher. Each look is a process; a stop a few seconds late costs
 * less than one of them every second for as long as a pipeline runs.
 */
const LOOK_EVERY_MS = 3_000;

/** More ancestors than between npm and this process; a walk that finds no npm ends here. */
const MAX_ANCESTORS = 16;

/**
 * The npm process that started this one, when there is one (`npx deno task …`).
 *
 * A SIGTERM to npx ends npx alone and leaves its child running, so the manager has to look for
 * itself. Whoever starts the manager through nohup or systemd keeps npm, or has none.
 */
export async function npmLauncher(
  env: { get(name: string): string | undefined },
  facts: (pid: number) => Promise<ProcessFacts | undefined> = processFacts,
): Promise<ProcessIdentity | undefined> {
  if (env.get("npm_execpath") === undefined) return undefined;
  let pid = Deno.ppid;
  for (let steps = 0; steps < MAX_ANCESTORS && pid > 1; steps++) {
    const found = await facts(pid);
    if (found === undefined) return undefined;
    if (isNpm(found.command)) return { pid: found.pid, startedAt: found.startedAt };
    pid = found.parent;
  }
  return undefined;
}

/**
 * Calls back once when a process has gone; stops looking when aborted. A look that fails tells
 * nothing, so the process counts as still there.
 *
 * @param startOf when the process with an id was started; `undefined` when there is none
 */
export function whenGone(
  process: ProcessIdentity,
  signal: AbortSignal,
  gone: () => void,
  startOf: (pid: number) => Promise<string | undefined> = processStart,
  everyMs = LOOK_EVERY_MS,
): void {
  let timer: ReturnType<typeof setTimeout>;
  const look = async () => {
    const startedAt = await startOf(process.pid).catch(() => process.startedAt);
    if (signal.aborted) return;
    if (startedAt === process.startedAt) timer = setTimeout(look, everyMs);
    else gone();
  };
  timer = setTimeout(look, everyMs);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

// npm names its process after what it runs: `npm exec deno@… task …`.
function isNpm(command: string): boolean {
  const [program = "", script = ""] = command.split(" ");
  return /(^|\/)(npm|npx)$/.test(program) || /(npm|npx)(-cli)?(\.c?js)?$/.test(script);
}

/** Whether a signal was being ignored when this process started, as nohup does with SIGHUP. */
export async function ignoresHangup(): Promise<boolean> {
  if (Deno.build.os !== "linux") return !Deno.stdin.isTerminal();
  const status = await proc(Deno.pid, "status");
  const mask = /^SigIgn:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0";
  // Signal 1 is the lowest bit.
  return (BigInt(`0x${mask}`) & 1n) === 1n;
}
