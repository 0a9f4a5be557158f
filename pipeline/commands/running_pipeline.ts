import { ControlClient } from "../control/mod.ts";
import type { RunRecord, StateFolder } from "../state/mod.ts";

/** There is no pipeline to talk with; the message says where it was looked for. Exit code 3. */
export class NotRunningError extends Error {
  override readonly name = "NotRunningError";
  readonly code = "NOT_RUNNING";
}

/** A run that is going on, and how to talk with its manager. */
export interface RunningPipeline {
  readonly run: RunRecord;
  readonly control: ControlClient;
}

/**
 * The run of a state folder.
 *
 * @throws {NotRunningError}
 */
export async function runningPipeline(state: StateFolder): Promise<RunningPipeline> {
  const run = await state.currentRun();
  if (run !== undefined) return { run, control: new ControlClient(run) };
  if (await state.isClaimed()) {
    throw new NotRunningError(
      `a pipeline is just being started, or has just stopped, with the state folder ${state.path}; ` +
        "try again in some seconds",
    );
  }
  throw new NotRunningError(
    `no pipeline is running with the state folder ${state.path}; ` +
      'start one with "deno task pipeline start", or name its folder with --state-dir',
  );
}
