import {
  type CommandContext,
  type CommandLine,
  optionOf,
  UsageError,
} from "../../flowctl/command/mod.ts";
import { DEFAULT_PROFILE, loadConfig } from "../../flowctl/mod.ts";
import {
  managerDeclaration,
  type PipelinePlan,
  type PlanOptions,
  planPipeline,
  readDeclarations,
  readOnce,
} from "../plan/mod.ts";
import { fullName } from "../run/mod.ts";
import { StateFolder } from "../state/mod.ts";

/** A plan and where it came from. */
export interface LoadedPlan {
  readonly plan: PipelinePlan;
  readonly options: PlanOptions;
  /** Name or path of the profile. */
  readonly profile: string;
}

/**
 * Resolves the configuration that a command line names.
 *
 * @param profile where the command has it as an argument
 * @param components full names; all where there are none
 */
export async function loadPlan(
  line: CommandLine,
  { env }: CommandContext,
  profile = optionOf(line, "profile") ?? DEFAULT_PROFILE,
  components: readonly string[] = [],
): Promise<LoadedPlan> {
  const configFile = optionOf(line, "config");
  const options: PlanOptions = {
    env,
    profile,
    settings: line.settings,
    readText: readOnce(),
    ...(configFile === undefined ? {} : { configFile }),
    ...(components.length === 0 ? {} : { components }),
  };
  return { plan: await planPipeline(await readDeclarations(), options), options, profile };
}

/**
 * The state folder that a command line, or the environment, names.
 *
 * @throws {ConfigError}
 */
export function stateFolderOf(
  line: CommandLine,
  { env }: CommandContext,
): { state: StateFolder; maxLogFiles: number } {
  const [profile, configFile] = [optionOf(line, "profile"), optionOf(line, "config")];
  const config = loadConfig({
    declaration: managerDeclaration(),
    env,
    settings: line.settings,
    ...(profile === undefined ? {} : { profile }),
    ...(configFile === undefined ? {} : { configFile }),
  });
  return {
    state: new StateFolder(config.string("STATE_DIR")),
    maxLogFiles: config.integer("LOG_MAX_FILES"),
  };
}

/**
 * The full name of a component, or of the control plane.
 *
 * @param others what the command takes besides, for the message
 * @throws {UsageError} when there is none of this name
 */
export function componentNamed(name: string, others: readonly string[] = []): string {
  const found = fullName(name);
  if (found !== undefined) return found;
  const known = ["source", "processor", "sink", ...others].join(", ");
  throw new UsageError(`"${name}" is not a component: ${known}`);
}
