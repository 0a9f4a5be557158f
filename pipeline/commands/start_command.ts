import { describeError, realClock } from "../../flowctl/mod.ts";
import { ConsoleOutput, type TextSink } from "../display/mod.ts";
import {
  makeParentFolders,
  missingEntryPoints,
  type PipelinePlan,
  takenPorts,
  unwritableFolders,
  whyNotWritable,
  withOwnControlPlane,
} from "../plan/mod.ts";
import { StopRequests } from "../process/mod.ts";
import { endLeftOvers, PipelineRun, RunOutput, shortName } from "../run/mod.ts";
import { StateFolder } from "../state/mod.ts";
import {
  type Command,
  type CommandContext,
  type CommandLine,
  CONFIG_OPTIONS,
  EXIT,
  has,
} from "./command.ts";
import { EXIT_CLAIMED, isDetachedChild, startDetached } from "./detached_start.ts";
import { componentNamed, type LoadedPlan, loadPlan } from "./loaded_plan.ts";

/** `start`: runs the pipeline in the foreground, or leaves it running behind. */
export const startCommand: Command = {
  name: "start",
  summary: "Start all components and watch over them until they have finished",
  arguments: [{ name: "profile", help: "name of a profile or path of a file (default: local)" }],
  options: [
    { flag: "detach", help: "leave the pipeline running when it is ready; see status, logs, stop" },
    ...CONFIG_OPTIONS,
    {
      flag: "component",
      value: "NAME",
      repeats: true,
      help: "start only this one (source, processor or sink); others run elsewhere",
    },
  ],
  examples: [
    "deno task pipeline start",
    "END_LEDGER=1000 OUTPUT_PATH=./out deno task pipeline start local",
    "deno task pipeline start production --config prod.env --detach",
    "deno task pipeline start local --set SOURCE_TYPE=filesystem --set STORAGE_PATH=./lake",
    "deno task pipeline start local --component source --component processor",
  ],
  notes: [
    "Variables are those of the components (deno task source --help tells each). Some of them:",
    "  SOURCE_TYPE         simulated or filesystem",
    "  STORAGE_PATH        folder of the ledgers",
    "  START_LEDGER        first ledger to store into an empty table",
    "  END_LEDGER          last ledger; without it the pipeline follows the tip",
    "  OUTPUT_PATH         folder of the tables",
    "A pipeline that is to outlive its terminal takes --detach: deno task does not pass nohup on.",
  ],
  run: start,
};

async function start(line: CommandLine, context: CommandContext): Promise<number> {
  const components = (line.options.get("component") ?? []).map(componentNamed);
  const loaded = await loadPlan(line, context, line.arguments[0], components);
  const { controlPlane, components: data } = loaded.plan;
  const shown = controlPlane === undefined ? data : [...data, controlPlane];
  const names = shown.map(({ declaration }) => shortName(declaration.name));
  const isDetached = isDetachedChild(context.env);
  const console = new ConsoleOutput(isDetached ? NOWHERE : context.sink, names, {
    noColor: (context.env.get("NO_COLOR") ?? "") !== "",
  });
  const { warnings, problems } = loaded.plan;
  for (const warning of warnings) console.warning(warning);
  for (const problem of problems) console.problem(problem);
  if (problems.length > 0) return EXIT.usage;
  const state = new StateFolder(loaded.plan.manager.config.string("STATE_DIR"));
  const reason = await whyNotWritable(state.path);
  if (reason !== undefined) return refused(console, [unusableState(state, reason)]);
  await using lock = await state.claim();
  if (lock === undefined) {
    return isDetached ? EXIT_CLAIMED : refused(console, [await alreadyRunning(state)]);
  }
  await endEarlierRun(loaded.plan, state, console);
  const { plan, found } = await withOwnControlPlane(loaded.plan);
  const refusal = await refusalToStart(plan);
  if (refusal.length > 0) return refused(console, refusal);
  if (has(line, "detach") && !isDetached) {
    await lock.release();
    const code = await startDetached(state, console);
    return code === EXIT_CLAIMED ? refused(console, [await alreadyRunning(state)]) : code;
  }
  return await runClaimed({ ...loaded, plan }, found, state, console, isDetached);
}

function refused(console: ConsoleOutput, sentences: readonly string[]): number {
  for (const sentence of sentences) console.problem(sentence);
  return EXIT.failed;
}

/** Waits for what a killed manager has left, whose ports are not free until then. */
async function endEarlierRun(
  { manager }: PipelinePlan,
  state: StateFolder,
  console: ConsoleOutput,
): Promise<void> {
  const graceMs = manager.config.durationMs("STOP_GRACE");
  const killed = await endLeftOvers(await state.processes(), graceMs, realClock);
  for (const sentence of killed) console.warning(sentence);
  await state.clear();
}

/** Everything that keeps the pipeline from being started, before anything is. */
async function refusalToStart({ components }: PipelinePlan): Promise<string[]> {
  return [
    ...await missingEntryPoints(components),
    ...takenPorts(components),
    ...await unwritableFolders(components),
  ];
}

function unusableState({ path }: StateFolder, reason: string): string {
  return `PIPELINE_STATE_DIR: "${path}" cannot be written: ${reason}; ` +
    "name a folder that this user may write. Example: --state-dir ./.pipeline";
}

async function alreadyRunning(state: StateFolder): Promise<string> {
  const run = await state.currentRun();
  const what = run === undefined
    ? "a pipeline is being started"
    : `a pipeline is running (profile ${run.profile}, process ${run.pid}, since ${run.since})`;
  return `${what} with the state folder ${state.path}; stop it with "deno task pipeline stop", ` +
    "or give this one a folder of its own with --state-dir";
}

async function runClaimed(
  { plan, options, profile }: LoadedPlan,
  found: string | undefined,
  state: StateFolder,
  console: ConsoleOutput,
  detached: boolean,
): Promise<number> {
  const { config } = plan.manager;
  using output = new RunOutput({
    console,
    folder: state.logs,
    maxBytes: config.bytes("LOG_MAX_BYTES"),
    maxFiles: config.integer("LOG_MAX_FILES"),
    now: realClock.now,
  });
  await using requests = new StopRequests();
  await requests.start({ detached });
  requests.signal.addEventListener("abort", () => {
    console.bottom("");
    output.line(`stopping (${requests.signal.reason})`);
  });
  try {
    if (found !== undefined) output.line(found);
    for (const { declaration, config } of plan.components) {
      await makeParentFolders(declaration, config);
    }
    const run = new PipelineRun({
      plan,
      planOptions: options,
      profile,
      output,
      console,
      state,
      detached,
    });
    return await run.run(requests);
  } catch (error) {
    output.problem(`the manager cannot go on: ${describeError(error)}`);
    return EXIT.failed;
  } finally {
    await state.clear();
  }
}

/** A detached pipeline has no screen; its log files have everything. */
const NOWHERE: TextSink = { write() {}, isTerminal: false, width: () => 80 };
