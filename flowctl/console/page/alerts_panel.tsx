import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { AlertJson } from "./api_types.ts";
import { alertKey, alertNews, sortedAlerts } from "./console_state.ts";
import { clockText } from "./figure_text.ts";
import { Labels, Sentence, ServiceLink } from "./service_link.tsx";
import { withLabels } from "../../service/mod.ts";
import { StatusMark } from "./status_mark.tsx";

type Alerts = readonly AlertJson[] | undefined;

/** Alerts, those that fire first. */
export function AlertsPanel({ alerts }: { alerts: Alerts }) {
  const firing = alerts?.filter(({ state }) => state === "firing").length ?? 0;
  return (
    <section class="panel" aria-labelledby="alerts-title">
      <h2 id="alerts-title">
        Alerts {firing === 0 ? null : <span class="badge">{firing} firing</span>}
      </h2>
      <AlertList alerts={alerts} />
    </section>
  );
}

/** Tells screen readers of alerts that begin or cease to fire, wherever on the page one is. */
export function AlertNews({ alerts }: { alerts: Alerts }) {
  const before = useRef<readonly AlertJson[] | undefined>(undefined);
  const labels = useContext(Labels);
  const [news, setNews] = useState("");
  useEffect(() => {
    if (alerts === undefined) return;
    const told = alertNews(before.current ?? [], alerts);
    before.current = alerts;
    if (told.length > 0) setNews(told.join(" "));
  }, [alerts]);
  return <p class="hidden" aria-live="polite">{withLabels(news, labels)}</p>;
}

/** The alerts alone. */
export function AlertList({ alerts }: { alerts: Alerts }) {
  if (alerts === undefined) return <p class="quiet">Loading…</p>;
  if (alerts.length === 0) return <p class="quiet">No alerts.</p>;
  return (
    <ul class="plain entries">
      {sortedAlerts(alerts).map((alert) => <Alert key={alertKey(alert)} alert={alert} />)}
    </ul>
  );
}

function Alert({ alert }: { alert: AlertJson }) {
  const { rule, severity, state, labels, summary, advice } = alert;
  const service = labels.service_id;
  return (
    <li class={state}>
      <p class="entry-head">
        <StatusMark status={state === "firing" ? severity : state} bare />
        <strong>{rule}</strong>
        <span class="quiet">{state === "firing" ? severity : state}, {sinceText(alert)}</span>
      </p>
      <p>
        <Sentence text={summary} />
      </p>
      {advice === undefined || state === "resolved" ? null : <p class="quiet">{advice}</p>}
      {service === undefined ? null : (
        <p>
          <ServiceLink id={service} />
        </p>
      )}
    </li>
  );
}

function sinceText({ state, since, firing_since, resolved_at }: AlertJson): string {
  if (state === "resolved" && resolved_at !== null) {
    return `at ${clockText(Date.parse(resolved_at))}`;
  }
  return `since ${clockText(Date.parse(firing_since ?? since))}`;
}
