import { useEffect, useMemo } from "preact/hooks";
import { AlertNews, AlertsPanel } from "./alerts_panel.tsx";
import type { ConsoleState } from "./console_state.ts";
import { word } from "./figure_text.ts";
import { type ChartSource, HistoryPanel } from "./history_panel.tsx";
import { serviceLink } from "./location_hash.ts";
import { RecommendationsPanel } from "./recommendations_panel.tsx";
import { serviceLabels } from "../../service/mod.ts";
import { Labels } from "./service_link.tsx";
import { ServicePage } from "./service_page.tsx";
import { ServicesPanel } from "./services_panel.tsx";
import { SummaryPanel } from "./summary_panel.tsx";
import { TokenForm } from "./token_form.tsx";
import { LostBanner, TopBar } from "./top_bar.tsx";
import { TopologyPanel } from "./topology_panel.tsx";
import { type Console, useConsole } from "./use_console.ts";
import { type Places, usePlace } from "./use_place.ts";
import { useTheme } from "./use_theme.ts";

/** The whole page. */
export function ConsolePage() {
  const theme = useTheme();
  const places = usePlace();
  const console = useConsole();
  const { state } = console;
  const labels = useMemo(() => serviceLabels(state.snapshot?.services ?? []), [state.snapshot]);
  useEffect(() => void (document.title = titleOf(state)), [state.snapshot, state.alerts]);
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>Skip to the content</a>
      <TopBar state={state} theme={theme} />
      <LostBanner state={state} retry={console.retry} />
      <Labels.Provider value={labels}>
        <main id="content" tabIndex={-1}>
          <Content console={console} places={places} theme={theme.shown} />
        </main>
        <AlertNews alerts={state.alerts} />
      </Labels.Provider>
    </>
  );
}

// The part after # is the place on the page, so that the link must not change it.
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

function Content(
  { console: { state, client, giveToken }, places, theme }: {
    console: Console;
    places: Places;
    theme: "light" | "dark";
  },
) {
  const { connection, snapshot, joins } = state;
  if (connection === "token") return <TokenForm reason={state.reason} give={giveToken} />;
  if (snapshot === undefined) return <Waiting isLost={connection === "lost"} />;
  const source: ChartSource = { client, snapshot, joins, theme };
  const { serviceId } = places.now;
  if (serviceId !== undefined) {
    const { alerts, report } = state;
    return <ServicePage serviceId={serviceId} source={source} alerts={alerts} report={report} />;
  }
  return <Overview state={state} source={source} before={places.before.serviceId} />;
}

function Waiting({ isLost }: { isLost: boolean }) {
  return (
    <section class="panel" aria-live="polite">
      {isLost
        ? <p>Nothing is known yet: the control plane does not answer. It is asked again.</p>
        : <p>Loading…</p>}
    </section>
  );
}

function Overview(
  { state, source, before }: {
    state: ConsoleState;
    source: ChartSource;
    before: string | undefined;
  },
) {
  const { snapshot } = source;
  useFocusOn(before);
  if (snapshot.services.length === 0) {
    return (
      <section class="panel" aria-labelledby="empty-title">
        <h2 id="empty-title">No services</h2>
        <p>
          No service has registered with this control plane. Start one with{" "}
          <code>ENABLE_FLOWCTL=true</code> and with <code>FLOWCTL_ENDPOINT</code>{" "}
          set to this control plane's gRPC address; it appears here by itself.
        </p>
      </section>
    );
  }
  const isFiring = state.alerts?.some((alert) => alert.state === "firing") ?? false;
  return (
    <>
      <SummaryPanel snapshot={snapshot} />
      <div class={isFiring ? "columns firing" : "columns"}>
        <div class="main-side">
          <TopologyPanel snapshot={snapshot} alerts={state.alerts ?? []} />
          <HistoryPanel source={source} />
        </div>
        <div class="side">
          <AlertsPanel alerts={state.alerts} />
          <RecommendationsPanel report={state.report} />
        </div>
      </div>
      <ServicesPanel services={snapshot.services} />
    </>
  );
}

/** Puts the focus back to the link that led to the service that was looked at. */
function useFocusOn(serviceId: string | undefined): void {
  useEffect(() => {
    if (serviceId === undefined) return;
    const links = document.querySelectorAll<HTMLAnchorElement>("main th a");
    [...links].find((link) => link.hash === serviceLink(serviceId))?.focus();
  }, []);
}

function titleOf({ snapshot, alerts }: ConsoleState): string {
  const firing = alerts?.filter(({ state }) => state === "firing").length ?? 0;
  const health = snapshot === undefined ? "" : `${word(snapshot.health.status)} – `;
  return `${firing === 0 ? "" : `(${firing}) `}${health}flowctl console`;
}
