import { ALERT_SEVERITIES, ALERT_STATES } from "../monitoring/mod.ts";
import { answer, get, list, object, reference, text, time } from "./openapi_parts.ts";

const number = { type: "number" } as const;
const maybeTime = { oneOf: [time, { type: "null" }] };
const severity = { ...text, enum: ALERT_SEVERITIES };
const maybeText = { type: ["string", "null"] };

/** What the alerts' path answers. */
export const alertSchemas = {
  AlertLabels: object({ service_id: text, service_type: reference("ServiceType") }),
  Alert: object({
    rule: text,
    severity,
    state: { ...text, enum: ALERT_STATES },
    labels: reference("AlertLabels"),
    value: { ...number, description: "The latest one that is known." },
    threshold: number,
    since: time,
    firing_since: maybeTime,
    resolved_at: maybeTime,
    summary: text,
    advice: text,
  }),
  AlertWhile: object({ figure: text, side: text, threshold: number, over: text }),
  AlertRule: object({
    name: text,
    severity,
    figure: text,
    growth_over: {
      ...maybeText,
      description:
        "Not the figure but how fast its least value of this time grows, a second, is looked at.",
    },
    side: { ...text, enum: ["above", "below"] },
    threshold: number,
    resolve: {
      ...number,
      description: "An alert that fires ends once the value is not past this.",
    },
    for: text,
    while: { oneOf: [reference("AlertWhile"), { type: "null" }] },
    summary: text,
    advice: text,
  }),
  Alerts: object({
    alerts: list("Alert"),
    not_tracked: { type: "integer", description: "Conditions that hold beyond the most alerts." },
    rules: list("AlertRule"),
  }),
};

/** The alerts' path. */
export const alertPaths = {
  "/api/alerts": get("getAlerts", "Alerts that are pending, fire, or have ended lately.", {
    200: answer("The alerts, those that fire first, and the rules.", reference("Alerts")),
  }),
};
