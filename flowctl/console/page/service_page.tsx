import { useContext, useEffect, useRef } from "preact/hooks";
import { AlertList } from "./alerts_panel.tsx";
import type { AlertJson, PipelineReport, ServiceJson, SnapshotJson } from "./api_types.ts";
import { word } from "./figure_text.ts";
import { type ChartSource, HistoryPanel } from "./history_panel.tsx";
import { labelOf } from "../../service/mod.ts";
import { Labels, ServiceLink } from "./service_link.tsx";
import { RecommendationList } from "./recommendations_panel.tsx";
import { figureGroups, webAddress } from "./service_figures.ts";
import { StatusMark } from "./status_mark.tsx";

interface ServicePageProps {
  readonly serviceId: string;
  readonly source: ChartSource;
  readonly alerts: readonly AlertJson[] | undefined;
  readonly report: PipelineReport | undefined;
}

/** Everything about one service. */
export function ServicePage({ serviceId, source, alerts, report }: ServicePageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever has followed a link by keyboard goes on from here.
  useEffect(() => heading.current?.focus(), [serviceId]);
  const label = labelOf(useContext(Labels), serviceId);
  const service = source.snapshot.services.find(({ id }) => id === serviceId);
  const own = alerts?.filter(({ labels }) => labels.service_id === serviceId);
  return (
    <>
      <nav aria-label="Way back">
        <a href="#/">Back to the pipeline</a>
      </nav>
      <div class="service-head">
        <h2 ref={heading} tabIndex={-1}>{label}</h2>
        {service === undefined ? null : <StatusMark status={service.status} />}
      </div>
      {service === undefined
        ? <p class="panel">This service is not registered, or not any more.</p>
        : (
          <>
            <Identity service={service} snapshot={source.snapshot} />
            <Figures service={service} />
            <div class="halves">
              <section class="panel" aria-labelledby="own-alerts">
                <h3 id="own-alerts">Alerts</h3>
                <AlertList alerts={own} />
              </section>
              <section class="panel" aria-labelledby="own-recommendations">
                <h3 id="own-recommendations">Recommendations</h3>
                <RecommendationList report={report} serviceId={serviceId} />
              </section>
            </div>
            <HistoryPanel source={source} serviceId={serviceId} />
          </>
        )}
    </>
  );
}

function Identity({ service, snapshot }: { service: ServiceJson; snapshot: SnapshotJson }) {
  const { id, name, type, endpoint, health_endpoint } = service;
  const health = webAddress(health_endpoint);
  const readsFrom = new Set(
    snapshot.edges.filter(({ to }) => to === id).map(({ from }) => from),
  );
  const readBy = new Set(snapshot.edges.filter(({ from }) => from === id).map(({ to }) => to));
  return (
    <section class="panel" aria-label="What it is">
      <dl class="facts">
        <Fact title="Type">{word(type)}</Fact>
        <Fact title="Id">{id}</Fact>
        {name === "" || name === id ? null : <Fact title="Name">{name}</Fact>}
        <Fact title="Serves at">{endpoint || "nothing"}</Fact>
        <Fact title="Health">
          {health === undefined
            ? health_endpoint ?? "not told"
            : <a href={health} rel="noreferrer">{health}</a>}
        </Fact>
        <Fact title="Reads">{service.input_event_types.join(", ") || "nothing"}</Fact>
        <Fact title="Gives">{service.output_event_types.join(", ") || "nothing"}</Fact>
        <Fact title="Reads from">
          <ServiceLinks ids={readsFrom} />
        </Fact>
        <Fact title="Read by">
          <ServiceLinks ids={readBy} />
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ title, children }: { title: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function ServiceLinks({ ids }: { ids: ReadonlySet<string> }) {
  if (ids.size === 0) return <>nobody</>;
  return (
    <ul class="plain links">
      {[...ids].map((id) => (
        <li key={id}>
          <ServiceLink id={id} />
        </li>
      ))}
    </ul>
  );
}

function Figures({ service }: { service: ServiceJson }) {
  return (
    <div class="figure-groups">
      {figureGroups(service).map(({ title, figures }) => (
        <section class="panel" key={title} aria-label={title}>
          <h3>{title}</h3>
          <dl class="figures">
            {figures.map(({ name, text }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
