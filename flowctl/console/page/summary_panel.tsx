import type { SnapshotJson } from "./api_types.ts";
import { type FigureKind, figureText } from "./figure_text.ts";
import { Sentence, ServiceLink } from "./service_link.tsx";
import { StatusMark } from "./status_mark.tsx";

type Peak = SnapshotJson["total"]["load_ratio"];

/** How the pipeline is, and its figures as a whole. */
export function SummaryPanel({ snapshot }: { snapshot: SnapshotJson }) {
  const { total, health, problems } = snapshot;
  return (
    <section class="summary" aria-labelledby="summary-title">
      <h2 id="summary-title" class="hidden">Pipeline</h2>
      <dl class="tiles">
        <div>
          <dt>Pipeline</dt>
          <dd>
            <StatusMark status={health.status} />
          </dd>
          <dd class="quiet">
            {figureText(total.working, "count")} of {figureText(total.services, "count")}{" "}
            services work
          </dd>
        </div>
        <Tile
          name="Throughput"
          value={total.events_per_second}
          kind="rate"
          note="at the pipeline's end"
        />
        <PeakTile name="Highest load" peak={total.load_ratio} kind="part" />
        <PeakTile name="Highest latency" peak={total.latency_ms} kind="milliseconds" />
        <PeakTile name="Highest error rate" peak={total.error_rate} kind="part" />
        <Tile name="Queued" value={total.queue_depth} kind="count" note="in all queues" />
      </dl>
      <Sentences title="Why it is not healthy" sentences={health.reasons} />
      <Sentences title="What could not be read" sentences={problems} />
    </section>
  );
}

function Tile(
  { name, value, kind, note }: {
    name: string;
    value: number | null;
    kind: FigureKind;
    note: string;
  },
) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="big">{figureText(value, kind)}</dd>
      <dd class="quiet">{note}</dd>
    </div>
  );
}

function PeakTile({ name, peak, kind }: { name: string; peak: Peak; kind: FigureKind }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="big">{figureText(peak?.value, kind)}</dd>
      <dd class="quiet cut">
        {peak === null ? "not told" : <ServiceLink id={peak.service_id} />}
      </dd>
    </div>
  );
}

function Sentences({ title, sentences }: { title: string; sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <div class="notice">
      <h3>{title}</h3>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>
            <Sentence text={sentence} />
          </li>
        ))}
      </ul>
    </div>
  );
}
