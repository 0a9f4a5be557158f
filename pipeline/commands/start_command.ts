import {
  type Command,
  type CommandContext,
  type CommandLine,
  EXIT,
  has,
  type TextSink,
} from "../../flowctl/command/mod.ts";
import { describeError, realClock } from "../../flowctl/mod.ts";
import { ConsoleOutput } from "../display/mod.ts";
import {
  makeParentFolders,
  missingEntryPoints,
  missingLakes,
  type PipelinePlan,
  takenPorts,
  unusableFiles,
  unwritableFolders,
  whyNotWritable,
  withOwnControlPlane,
} from "../plan/mod.ts";
import { StopRequests } from "../process/mod.ts";
import {
  endLeftOvers,
  PipelineRun,
  type PipelineRunOptions,
  RunOutput,
  shortName,
} from "../run/mod.ts";
import { StateClaim, StateFolder } from "../state/mod.ts";
import { CONFIG_OPTIONS } from "./config_options.ts";
import { alreadyRunning } from "./already_running.ts";
import { isDetachedChild, startDetached } from "./detached_start.ts";
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
  const components = (line.options.get("component") ?? []).map((name) => componentNamed(name));
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
  const refusal = await refusalToStart(loaded.plan, state);
  for (const sentence of refusal) console.problem(sentence);
  if (refusal.length > 0) return EXIT.failed;
  const unread = [
    ...await missingLakes(loaded.plan.components),
    ...await unusableFiles(loaded.plan),
  ];
  for (const sentence of unread) console.problem(sentence);
  if (unread.length > 0) return EXIT.usage;
  if (has(line, "detach") && !isDetached) return await startDetached(state, console);
  return await runClaimed(loaded, state, console, isDetached);
}

/** What keeps the pipeline from being started, as far as it can be told before the folder is claimed. */
async function refusalToStart(plan: PipelinePlan, state: StateFolder): Promise<string[]> {
  const reason = await whyNotWritable(state.path);
  if (reason !== undefined) return [unusableState(state, reason)];
  if (await state.isClaimed()) return [await alreadyRunning(state)];
  return [
    ...await missingEntryPoints(plan.components),
    ...await unwritableFolders(plan.components),
  ];
}

function unusableState({ path }: StateFolder, reason: string): string {
  return `STATE_DIR: "${path}" cannot be written: ${reason}; ` +
    "name a folder that this user may write. Example: --state-dir ./.pipeline";
}

async function runClaimed(
  loaded: LoadedPlan,
  state: StateFolder,
  console: ConsoleOutput,
  detached: boolean,
): Promise<number> {
  const claim = await StateClaim.take(state);
  if (claim === undefined) {
    console.problem(await alreadyRunning(state));
    return EXIT.failed;
  }
  // What a killed manager left there names its process, whose id may be another program's by now.
  await state.forgetRun();
  const { config } = loaded.plan.manager;
  using output = new RunOutput({
    console,
    folder: state.logs,
    maxBytes: config.bytes("LOG_MAX_BYTES"),
    maxFiles: config.integer("LOG_MAX_FILES"),
    now: realClock.now,
    ...(detached ? { unlogged: writeError } : {}),
  });
  await using requests = new StopRequests();
  await requests.start({ detached });
  requests.signal.addEventListener("abort", () => {
    console.bottom("");
    output.line(`stopping (${requests.signal.reason})`);
  });
  try {
    const left = await state.processes();
    const killed = await endLeftOvers(left, {
      graceMs: config.durationMs("STOP_GRACE"),
      clock: realClock,
      waiting: ({ component, pid }) =>
        output.line(`waiting for ${component} of an earlier run to end, process ${pid}`),
    });
    for (const sentence of killed) output.warning(sentence);
    await state.clear();
    return await runAlone(loaded, { output, console, claim, detached }, requests);
  } catch (error) {
    output.problem(`the manager cannot go on: ${describeError(error)}`);
    return EXIT.failed;
  } finally {
    await claim.release();
  }
}

/** Runs the pipeline once nothing of an earlier one is left: that had ports, and its control plane. */
async function runAlone(
  { plan: loaded, options, profile }: LoadedPlan,
  surroundings: Pick<PipelineRunOptions, "output" | "console" | "claim" | "detached">,
  requests: StopRequests,
): Promise<number> {
  const { output } = surroundings;
  const { plan, found, warning } = await withOwnControlPlane(loaded);
  const taken = takenPorts(plan.components);
  for (const sentence of taken) output.problem(sentence);
  if (taken.length > 0) return EXIT.failed;
  if (found !== undefined) output.line(found);
  if (warning !== undefined) output.warning(warning);
  for (const { declaration, config } of plan.components) {
    await makeParentFolders(declaration, config);
  }
  const run = new PipelineRun({ ...surroundings, plan, planOptions: options, profile });
  return await run.run(requests);
}

function writeError(record: string): void {
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(`${record}\n`));
  } catch {
    // There is no other place, and the pipeline matters more.
  }
}

/** A detached pipeline has no screen; its log files have everything. */
const NOWHERE: TextSink = { write() {}, isTerminal: false, width: () => 80 };
