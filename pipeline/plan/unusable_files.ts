import {
  ConfigError,
  describeProblem,
  loadControlPlaneSecurity,
  loadFlightSecurity,
} from "../../flowctl/mod.ts";
import type { PipelinePlan } from "./pipeline_plan.ts";
import type { PlannedComponent } from "./planned_component.ts";

/** What is read here is shown to nobody. */
const NO_MASK = { addSecret() {} };

/**
 * A sentence for each certificate, key and token that the components would refuse. Each reads its own only once the one before it is up; here all are told at once, before
 * anything is started.
 */
export async function unusableFiles({ components, controlPlane }: PipelinePlan): Promise<string[]> {
  const found = [
    ...(await Promise.all(components.map(componentFiles))).flat(),
    ...controlPlane === undefined ? [] : await problemsOf(controlPlane, loadFlightSecurity),
  ];
  // A file that several components have is wrong in the same way: it is said once.
  return [...new Set(found)];
}

async function componentFiles(planned: PlannedComponent): Promise<string[]> {
  const own = await problemsOf(planned, loadFlightSecurity);
  if (planned.config.values.ENABLE_FLOWCTL !== true) return own;
  return [...own, ...await problemsOf(planned, loadControlPlaneSecurity)];
}

async function problemsOf(
  { config }: PlannedComponent,
  read: (config: PlannedComponent["config"], mask: typeof NO_MASK) => Promise<unknown>,
): Promise<string[]> {
  try {
    await read(config, NO_MASK);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(describeProblem);
    throw error;
  }
}
