import type { PipelinePlan } from "./pipeline_plan.ts";
import { whyNotReachable } from "./reachable.ts";

/** A plan, with the control plane among what is started where nobody else has one. */
export interface ControlPlaneChoice {
  readonly plan: PipelinePlan;
  /** What was found, as a sentence; absent where the configuration asks for no control plane. */
  readonly found?: string;
}

/**
 * Adds the control plane of the run to what is started, before all components, unless somebody
 * listens at the endpoint already.
 */
export async function withOwnControlPlane(
  plan: PipelinePlan,
  ask: (endpoint: string) => Promise<string | undefined> = whyNotReachable,
): Promise<ControlPlaneChoice> {
  const { controlPlane, components } = plan;
  if (controlPlane === undefined) return { plan };
  const endpoint = `127.0.0.1:${controlPlane.config.integer("PORT")}`;
  if (await ask(endpoint) === undefined) {
    return { plan, found: `uses the control plane that listens at ${endpoint}` };
  }
  return {
    plan: { ...plan, components: [controlPlane, ...components] },
    found: `nobody listens at ${endpoint}: starting a control plane for this run`,
  };
}
