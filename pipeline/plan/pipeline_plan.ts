import {
  type ComponentDeclaration,
  type ConfigProblem,
  describeProblem,
  portConflicts,
  unknownNameWarnings,
  upstreamTlsProblems,
} from "../../flowctl/mod.ts";
import { planControlPlane } from "./control_plane_plan.ts";
import {
  type PlannedComponent,
  type PlannedConfig,
  planOne,
  type PlanOptions,
  resolveOne,
} from "./planned_component.ts";
import { settingProblems } from "./setting_problems.ts";

/** The whole pipeline, resolved. With problems it must not be started. */
export interface PipelinePlan {
  readonly components: readonly PlannedComponent[];
  /** The control plane of the run, where one may be started. */
  readonly controlPlane?: PlannedComponent;
  /** The manager's own variables. */
  readonly manager: PlannedConfig;
  /** A sentence for each thing that is wrong, over all components. */
  readonly problems: readonly string[];
  /** A sentence for each name that looks like a mistake. */
  readonly warnings: readonly string[];
}

/** The declarations of everything that belongs to a pipeline. */
export interface PipelineDeclarations {
  readonly manager: ComponentDeclaration;
  readonly controlPlane: ComponentDeclaration;
  /** In the order of the data. */
  readonly components: readonly ComponentDeclaration[];
}

/**
 * Resolves the configuration of the manager and of all components and collects everything that is
 * wrong.
 */
export async function planPipeline(
  programs: PipelineDeclarations,
  options: PlanOptions,
): Promise<PipelinePlan> {
  const { manager, components: declarations } = programs;
  const problems = new Set<string>();
  // The same variable of several components is wrong in the same way: it is said once.
  const note = (found: readonly ConfigProblem[]) => {
    for (const problem of found) problems.add(describeProblem(problem));
  };
  const own = resolveOne(manager, options);
  note(own.problems);
  const warnings = new Set(own.warnings.map(describeProblem));
  const components: PlannedComponent[] = [];
  const chosen = declarations.filter(({ name }) => options.components?.includes(name) ?? true);
  for (const declaration of chosen) {
    const resolution = resolveOne(declaration, options);
    note(resolution.problems);
    for (const warning of resolution.warnings) warnings.add(describeProblem(warning));
    const settings = options.settings ?? new Map();
    const { planned, problems: found } = await planOne(declaration, resolution.config, settings);
    note(found);
    components.push(planned);
  }
  const controlPlane = await planControlPlane(
    programs.controlPlane,
    own.config,
    components,
    options,
  );
  if (controlPlane !== undefined) note(controlPlane.problems);
  const started = controlPlane === undefined ? components : [controlPlane.planned, ...components];
  note(portConflicts(started));
  note(upstreamTlsProblems(components));
  const all = [manager, programs.controlPlane, ...declarations];
  const environment = Object.keys(options.env.toObject());
  for (const sentence of settingProblems(all, options.settings)) problems.add(sentence);
  return {
    components,
    ...(controlPlane === undefined ? {} : { controlPlane: controlPlane.planned }),
    manager: { declaration: manager, config: own.config },
    problems: [...problems],
    warnings: [
      ...warnings,
      ...withoutEffect(declarations, options),
      ...unknownNameWarnings(all, { ...options, environment }),
    ],
  };
}

/** A variable that counts with a component's prefix only, and is set without. */
function withoutEffect(
  declarations: readonly ComponentDeclaration[],
  { env }: PlanOptions,
): string[] {
  const names = new Map<string, string>();
  for (const { prefix, variables } of declarations) {
    for (const { name, perComponent } of variables.values()) {
      if (perComponent && (env.get(name) ?? "") !== "") {
        names.set(name, names.get(name) ?? `${prefix}_${name}`);
      }
    }
  }
  return [...names].map(([name, own]) =>
    `${name} has no effect in a pipeline, whose components have one each; did you mean ${own}?`
  );
}
