import { controlPlaneTrouble } from "./control_plane_trouble.ts";
import type { PipelinePlan } from "./pipeline_plan.ts";
import { whyNotReachable } from "./reachable.ts";

/** A plan, with the control plane among what is started where nobody else has one. */
export interface ControlPlaneChoice {
  readonly plan: PipelinePlan;
  /** What was found, as a sentence; absent where the configuration asks for no control plane. */
  readonly found?: string;
  /** Why what was found is of no use, as a sentence; data goes on without a control plane. */
  readonly warning?: string;
}

/**
 * Adds the control plane of the run to what is started, before all components, unless somebody
 * listens at the endpoint already.
 */
export async function withOwnControlPlane(
  plan: PipelinePlan,
  ask: (endpoint: string) => Promise<string | undefined> = whyNotReachable,
  trouble: typeof controlPlaneTrouble = controlPlaneTrouble,
): Promise<ControlPlaneChoice> {
  const { controlPlane, components } = plan;
  if (controlPlane === undefined) return { plan };
  const endpoint = `127.0.0.1:${controlPlane.config.integer("PORT")}`;
  if (await ask(endpoint) === undefined) {
    const client = components.find(({ config }) => config.values.ENABLE_FLOWCTL === true)!;
    const reason = await trouble(client.config);
    if (reason === undefined) {
      return { plan, found: `uses the control plane that listens at ${endpoint}` };
    }
    const warning = `what listens at ${endpoint} does not answer as a control plane: ${reason}; ` +
      "the pipeline goes on without one. Correct FLOWCTL_ENDPOINT, or name a free port";
    return { plan, warning };
  }
  return {
    plan: { ...plan, components: [controlPlane, ...components] },
    found: `nobody listens at ${endpoint}: starting a control plane for this run`,
  };
}
