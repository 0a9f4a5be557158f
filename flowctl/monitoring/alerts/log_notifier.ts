import type { Logger } from "../../component/mod.ts";
import { alertSummary } from "./alert.ts";
import type { AlertGroup, AlertNotifier } from "./alert_groups.ts";

/** Services named in one record; the rest is counted. */
const MAX_NAMED = 5;

/** Writes each message about a rule as a record, or two where some alerts fire and others have ended. */
export class LogNotifier implements AlertNotifier {
  /** @param log where the records go */
  constructor(private readonly log: Logger) {}

  /** Writes at once. */
  notify({ rule, firing, resolved }: AlertGroup): void {
    const { name, severity, advice } = rule;
    if (firing.length > 0) {
      const level = severity === "critical" ? "error" : severity === "info" ? "info" : "warn";
      this.log[level](`An alert fires: ${name}`, {
        severity,
        alerts: firing.length,
        what: firing.slice(0, MAX_NAMED).map(alertSummary).join("; "),
        advice,
      });
    }
    if (resolved.length > 0) {
      this.log.info(`An alert is over: ${name}`, {
        severity,
        alerts: resolved.length,
        services: resolved.slice(0, MAX_NAMED).map(({ serviceId }) => serviceId).join(", "),
      });
    }
  }
}
