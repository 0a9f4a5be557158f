import type { StateFolder } from "../state/mod.ts";

/** Why a pipeline cannot be started with a state folder that a manager holds. */
export async function alreadyRunning(state: StateFolder): Promise<string> {
  const run = await state.currentRun();
  const what = run === undefined
    ? "a pipeline is being started"
    : `a pipeline is running (profile ${run.profile}, process ${run.pid}, since ${run.since})`;
  return `${what} with the state folder ${state.path}; stop it with "deno task pipeline stop", ` +
    "or give this one a folder of its own with --state-dir";
}
