import { permittedValues, type ResolvedConfig, UPSTREAM_VARIABLES } from "../../flowctl/mod.ts";
import {
  controlPlaneTrouble,
  missingEntryPoints,
  missingLakes,
  type PipelinePlan,
  type PlannedComponent,
  takenPorts,
  unusableFiles,
  unwritableFolders,
  whyNotReachable,
  whyNotWritable,
} from "../plan/mod.ts";
import type { StateFolder } from "../state/mod.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import {
  clockFinding,
  denoFinding,
  diskFinding,
  permissionsFinding,
  type RunProgram,
  runProgram,
} from "./machine.ts";

/** What surrounds an examination; tests replace it. */
export interface ExamineOptions {
  readonly denoVersion: string;
  readonly now: () => number;
  readonly run: RunProgram;
  readonly whyNotReachable: (endpoint: string) => Promise<string | undefined>;
  readonly controlPlaneTrouble: (config: ResolvedConfig) => Promise<string | undefined>;
}

const REAL: ExamineOptions = {
  denoVersion: Deno.version.deno,
  now: Date.now,
  run: runProgram,
  whyNotReachable,
  controlPlaneTrouble,
};

/** Looks at everything that a start needs, and says what to do about what is wrong. */
export async function examine(
  plan: PipelinePlan,
  state: StateFolder,
  options: ExamineOptions = REAL,
): Promise<Finding[]> {
  return [
    denoFinding(options.denoVersion),
    await permissionsFinding(),
    ...configurationFindings(plan),
    ...await programFindings(plan),
    ...await portFindings(plan, state),
    ...await stateFindings(state),
    ...await folderFindings(plan),
    ...await fileFindings(plan),
    ...await diskFindings(plan, options),
    await clockFinding(options.now(), options.run),
    ...await controlPlaneFindings(plan, options),
    ...await upstreamFindings(plan, options),
  ];
}

function configurationFindings({ problems, warnings }: PipelinePlan): Finding[] {
  const found = [
    ...problems.map((text) => problem("configuration", text, "correct it; check tells the same")),
    ...warnings.map((text) => warning("configuration", text, "correct the name, or ignore this")),
  ];
  return found.length > 0 ? found : [ok("configuration", "can be used")];
}

async function programFindings({ components }: PipelinePlan): Promise<Finding[]> {
  const missing = await missingEntryPoints(components);
  if (missing.length === 0) return [ok("programs", "all are there")];
  return missing.map((text) => problem("programs", text, "restore the file"));
}

async function portFindings(plan: PipelinePlan, state: StateFolder): Promise<Finding[]> {
  // Where the configuration is wrong, which ports are meant is not known.
  const known = plan.components.filter(hasPorts);
  if (await state.isClaimed()) {
    return [ok("ports", `used by the pipeline that runs with ${state.path}`)];
  }
  const taken = takenPorts(known);
  if (taken.length === 0) return [ok("ports", portsOf(known))];
  return taken.map((text) => problem("ports", text, "stop the other program, or set the port"));
}

function hasPorts({ declaration, config, listen }: PlannedComponent): boolean {
  return listen !== "" && Object.values(declaration.ports).every((name) => config.isSet(name));
}

function portsOf(components: readonly PlannedComponent[]): string {
  const ports = components.flatMap(({ declaration, config }) =>
    Object.values(declaration.ports).map((name) => config.integer(name))
  );
  const fixed = ports.filter((port) => port !== 0);
  if (fixed.length === 0) return "free ones are picked";
  return `${fixed.join(", ")} ${fixed.length === 1 ? "is" : "are"} free`;
}

async function stateFindings({ path }: StateFolder): Promise<Finding[]> {
  const reason = await whyNotWritable(path);
  if (reason === undefined) return [];
  const text = `STATE_DIR: "${path}" cannot be written: ${reason}`;
  return [problem("state folder", text, "name another with --state-dir")];
}

async function folderFindings({ components }: PipelinePlan): Promise<Finding[]> {
  const found: Finding[] = (await unwritableFolders(components)).map((text) =>
    problem("folders", text, "change its owner or permissions, or name another")
  );
  for (const text of await missingLakes(components)) {
    found.push(problem("folders", text, "name the folder of a lake, or make one with simulate"));
  }
  return found.length > 0 ? found : [ok("folders", "can be written")];
}

async function fileFindings(plan: PipelinePlan): Promise<Finding[]> {
  // Where the configuration is wrong, which files are meant is not known.
  if (plan.problems.length > 0) return [];
  const unusable = await unusableFiles(plan);
  if (unusable.length === 0) return [ok("files", "certificates and tokens can be used")];
  return unusable.map((text) => problem("files", text, "correct it, or name another file"));
}

async function diskFindings({ components }: PipelinePlan, { run }: ExamineOptions) {
  const paths = new Set(
    components.flatMap(({ declaration, config }) =>
      permittedValues(declaration, config, "write").map(({ value }) => value)
    ),
  );
  return await Promise.all([...paths].map((path) => diskFinding("disk", path, run)));
}

async function controlPlaneFindings(
  { components, controlPlane }: PipelinePlan,
  options: ExamineOptions,
): Promise<Finding[]> {
  const endpoints = new Map<string, ResolvedConfig>();
  for (const { config } of components) {
    if (config.values.ENABLE_FLOWCTL !== true) continue;
    const endpoint = config.optionalString("FLOWCTL_ENDPOINT");
    if (endpoint !== undefined) endpoints.set(endpoint, config);
  }
  if (endpoints.size === 0) return [ok("control plane", "not used (ENABLE_FLOWCTL is false)")];
  return await Promise.all([...endpoints].map(async ([endpoint, config]) => {
    const reason = await options.whyNotReachable(endpoint);
    if (reason === undefined) {
      const trouble = await options.controlPlaneTrouble(config);
      if (trouble === undefined) return ok("control plane", `answers at ${endpoint}`);
      return warning(
        "control plane",
        `what listens at ${endpoint} does not answer as one: ${trouble}`,
        "correct FLOWCTL_ENDPOINT or the token; data flows without it, discovery and overview do not",
      );
    }
    if (controlPlane !== undefined) {
      return ok("control plane", `nobody has one at ${endpoint}; the pipeline starts its own`);
    }
    return warning(
      "control plane",
      `nothing answers at ${endpoint}: ${reason}`,
      "start it, or correct FLOWCTL_ENDPOINT; data flows without it, discovery and overview do not",
    );
  }));
}

async function upstreamFindings(
  { components }: PipelinePlan,
  options: ExamineOptions,
): Promise<Finding[]> {
  const named = components.flatMap(({ config }) =>
    UPSTREAM_VARIABLES.flatMap((name) => [config.values[name] ?? []].flat().map(String))
  );
  if (named.length === 0) return [ok("upstream", "each component reads from the one before it")];
  return await Promise.all([...new Set(named)].map(async (endpoint) => {
    const reason = await options.whyNotReachable(endpoint);
    if (reason === undefined) return ok("upstream", `answers at ${endpoint}`);
    return warning(
      "upstream",
      `nothing answers at ${endpoint}: ${reason}`,
      "start the component there, or correct the endpoint; it is tried again for as long as it takes",
    );
  }));
}
