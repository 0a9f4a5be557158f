import { delay } from "@std/async/delay";
import { fromFileUrl } from "@std/path";
import { ControlClient } from "../control/mod.ts";
import type { ConsoleOutput } from "../display/mod.ts";
import { MANAGER_NAME } from "../run/mod.ts";
import type { StateFolder } from "../state/mod.ts";
import { EXIT } from "./command.ts";
import { ManagerLines } from "./manager_lines.ts";

/** Set for the manager that goes on when its terminal has closed. */
const DETACHED = "PIPELINE_DETACHED";

/**
 * Exit code with which the manager, which has no screen, tells whoever left it behind that another
 * start was faster. Nobody else sees it.
 */
export const EXIT_CLAIMED = 75;

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
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-P=manager", mainProgram(), ...Deno.args],
    env: { [DETACHED]: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "null",
    detached: true,
  }).spawn();
  let said = 0;
  const show = () => {
    for (const text of lines.read()) {
      said++;
      console.line(MANAGER_NAME, text);
    }
  };
  let code: number | undefined;
  const ended = child.status.then((status) => code = status.code);
  const cancel = () => {
    if (code === undefined) child.kill("SIGTERM");
  };
  Deno.addSignalListener("SIGINT", cancel);
  try {
    while (code === undefined && !await isReady(state, child.pid)) {
      await Promise.race([delay(LOOK_EVERY_MS), ended]);
      show();
    }
  } finally {
    Deno.removeSignalListener("SIGINT", cancel);
  }
  show();
  // A pipeline with little to do may have finished already.
  if (code !== undefined) {
    if (code !== EXIT.ok && code !== EXIT_CLAIMED && said === 0) {
      console.problem(`the manager ended with code ${code}; start without --detach to see why`);
    }
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
