import { delay } from "@std/async/delay";
import { stripAnsiCode } from "@std/fmt/colors";
import { fromFileUrl, join } from "@std/path";
import { EXIT } from "../../flowctl/command/mod.ts";
import { ControlClient } from "../control/mod.ts";
import type { ConsoleOutput } from "../display/mod.ts";
import { MANAGER_NAME } from "../run/mod.ts";
import type { StateFolder } from "../state/mod.ts";
import { alreadyRunning } from "./already_running.ts";
import { ManagerLines } from "./manager_lines.ts";

/** Set for the manager that goes on when its terminal has closed. */
const DETACHED = "PIPELINE_DETACHED";

/** Below the logs: what a detached manager wrote to standard error, as when Deno itself fails. */
const ERRORS_FILE = "pipeline.err";

/** How much of that is shown, from its end. */
const MAX_SHOWN_LENGTH = 4_000;

/** Time between two looks whether the pipeline is ready. */
const LOOK_EVERY_MS = 50;

/** Whether this process is the manager that a `start --detach` has left behind. */
export function isDetachedChild(env: { get(name: string): string | undefined }): boolean {
  return env.get(DETACHED) === "1";
}

/**
 * Starts this same command again as a session of its own, waits until its pipeline is ready, and
 * leaves it. What its manager says meanwhile is shown; Ctrl-C before it is ready stops it.
 *
 * @returns the exit code: that of the manager when it ends before it is ready
 */
export async function startDetached(state: StateFolder, console: ConsoleOutput): Promise<number> {
  using lines = new ManagerLines(state.logs);
  const errors = join(state.logs, ERRORS_FILE);
  await state.make();
  const self = [Deno.execPath(), "run", "--quiet", "-P=manager", mainProgram(), ...Deno.args];
  // The shell opens the file and becomes the manager: it keeps the process id.
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec "$@" 2>"$0"', errors, ...self],
    env: { [DETACHED]: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  let code: number | undefined;
  const ended = child.status.then((status) => code = status.code);
  const cancel = () => {
    if (code === undefined) child.kill("SIGTERM");
  };
  Deno.addSignalListener("SIGINT", cancel);
  // Until the folder is known to be the child's, its log may be that of another manager.
  const said: string[] = [];
  let isOurs = false;
  let hasSpoken = false;
  const show = () => {
    said.push(...lines.read());
    if (!isOurs) return;
    hasSpoken ||= said.length > 0;
    for (const text of said.splice(0)) console.line(MANAGER_NAME, text);
  };
  try {
    while (code === undefined && !await isReady(state, child.pid)) {
      await Promise.race([delay(LOOK_EVERY_MS), ended]);
      isOurs ||= (await state.currentRun())?.pid === child.pid;
      show();
    }
  } finally {
    Deno.removeSignalListener("SIGINT", cancel);
  }
  if (!isOurs && code !== undefined && code !== EXIT.ok && await state.isClaimed()) {
    // Another start was faster, and the child, which has no screen, could not say so.
    console.problem(await alreadyRunning(state));
    return code;
  }
  isOurs = true;
  show();
  if (code !== undefined) {
    // A pipeline with little to do may have finished already.
    if (code !== EXIT.ok && !hasSpoken) console.problem(await silentEnd(code, errors));
    return code;
  }
  console.line(
    MANAGER_NAME,
    `runs on as process ${child.pid}; "deno task pipeline status", "logs" and "stop" find it ` +
      `through ${state.path}`,
  );
  child.unref();
  return EXIT.ok;
}

/** The child has no screen; what it could not log may stand on its standard error. */
async function silentEnd(code: number, errors: string): Promise<string> {
  const text = stripAnsiCode(await Deno.readTextFile(errors).catch(() => "")).trim();
  const said = text === "" ? "nothing" : text.slice(-MAX_SHOWN_LENGTH);
  return `the manager ended with exit code ${code} before it could log why; ` +
    `on its standard error (${errors}) it said: ${said}`;
}

async function isReady(state: StateFolder, pid: number): Promise<boolean> {
  const run = await state.currentRun();
  if (run?.pid !== pid) return false;
  try {
    return (await new ControlClient(run).status()).state === "running";
  } catch {
    // It is ending, and its exit tells more.
    return false;
  }
}

function mainProgram(): string {
  return fromFileUrl(new URL("../main.ts", import.meta.url));
}
