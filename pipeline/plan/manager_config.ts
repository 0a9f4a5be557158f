import {
  type ComponentDeclaration,
  parseDeclaration,
  type ResolvedConfig,
} from "../../flowctl/mod.ts";
import managerYaml from "../manager.yaml" with { type: "text" };
import type { SupervisionLimits } from "../supervision/mod.ts";

/** The variables of the manager itself. */
export function managerDeclaration(): ComponentDeclaration {
  return parseDeclaration(managerYaml, "pipeline/manager.yaml");
}

/** How components are supervised under a configuration of the manager. */
export function supervisionLimits(config: ResolvedConfig): SupervisionLimits {
  return {
    maxRestarts: config.integer("MAX_RESTARTS"),
    windowMs: config.durationMs("RESTART_WINDOW"),
    readyMs: config.durationMs("READY_TIMEOUT"),
    graceMs: config.durationMs("STOP_GRACE"),
    unhealthyAfterMs: config.durationMs("UNHEALTHY_AFTER"),
  };
}
