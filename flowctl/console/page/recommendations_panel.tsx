import type { PipelineReport } from "./api_types.ts";
import { Sentence, ServiceLink } from "./service_link.tsx";
import { StatusMark } from "./status_mark.tsx";

/** What the health report says is to be done, with the reasons. */
export function RecommendationsPanel({ report }: { report: PipelineReport | undefined }) {
  return (
    <section class="panel" aria-labelledby="recommendations-title">
      <h2 id="recommendations-title">Recommendations</h2>
      <Bottleneck report={report} />
      <RecommendationList report={report} />
    </section>
  );
}

function Bottleneck({ report }: { report: PipelineReport | undefined }) {
  const bottleneck = report?.bottleneck;
  if (bottleneck === undefined || bottleneck === null) return null;
  return (
    <p>
      Bottleneck: <ServiceLink id={bottleneck.service_id} />, <Sentence text={bottleneck.reason} />.
    </p>
  );
}

/** The recommendations alone; of one service where it is named. */
export function RecommendationList(
  { report, serviceId }: { report: PipelineReport | undefined; serviceId?: string },
) {
  if (report === undefined) return <p class="quiet">Loading…</p>;
  const shown = report.recommendations.filter((each) =>
    serviceId === undefined || each.service_id === serviceId
  );
  if (shown.length === 0) return <p class="quiet">Nothing to do.</p>;
  const left = serviceId === undefined ? report.recommendations_left_out : 0;
  return (
    <>
      <ul class="plain entries">
        {shown.map(({ text, because, severity, service_id }) => (
          <li key={`${text} ${service_id}`}>
            <p class="entry-head">
              <StatusMark status={severity} bare />
              <strong>
                <Sentence text={text} />
              </strong>
            </p>
            <p class="quiet">
              Because <Sentence text={because} />.
            </p>
          </li>
        ))}
      </ul>
      {left === 0 ? null : <p class="quiet">And {left} more.</p>}
    </>
  );
}
