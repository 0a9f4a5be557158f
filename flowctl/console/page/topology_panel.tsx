import { useContext, useRef } from "preact/hooks";
import type { AlertJson, ServiceJson, SnapshotJson } from "./api_types.ts";
import { eventNoun, figureText, word } from "./figure_text.ts";
import {
  drawnServices,
  edgeKey,
  type FittedLayout,
  fittedLayout,
  heardOf,
  labelledEdges,
  nodeSentence,
  type ShownEdge,
  shownEdges,
} from "./graph_view.ts";
import { serviceLink } from "./location_hash.ts";
import { flowText, isWorking } from "./service_figures.ts";
import { labelOf } from "../../service/mod.ts";
import { Labels } from "./service_link.tsx";
import { StatusMark } from "./status_mark.tsx";
import { useWidth } from "./use_width.ts";

/** Nodes below this width have no room for what their figures count. */
const NOUN_WIDTH = 190;

/** Who reads from whom, drawn, with what each does. */
export function TopologyPanel(
  { snapshot, alerts }: { snapshot: SnapshotJson; alerts: readonly AlertJson[] },
) {
  const room = useRef<HTMLDivElement>(null);
  const width = useWidth(room);
  const services = drawnServices(snapshot.services, alerts);
  const labels = useContext(Labels);
  const edges = shownEdges(snapshot, services, labels);
  const layout = fittedLayout(services, edges, width);
  const left = snapshot.services.length - services.length;
  return (
    <section class="panel" aria-labelledby="topology-title">
      <h2 id="topology-title">Topology</h2>
      {left === 0 ? null : (
        <p class="quiet">
          {figureText(left, "count")}{" "}
          services are not drawn, those that something is the matter with are; the table below has
          all.
        </p>
      )}
      <div class="graph-room">
        <div ref={room} />
        {width === 0 ? null : (
          <div
            class={layout.nodeWidth < NOUN_WIDTH ? "graph narrow" : "graph"}
            style={{ width: `${layout.width}px`, height: `${layout.height}px` }}
          >
            <GraphEdges layout={layout} edges={edges} />
            <ul class="plain" aria-label="Services">
              {layout.nodes.map(({ id, x, y }) => {
                const service = services.find((each) => each.id === id)!;
                const style = {
                  left: `${x}px`,
                  top: `${y}px`,
                  width: `${layout.nodeWidth}px`,
                  height: `${layout.nodeHeight}px`,
                };
                return (
                  <GraphNode
                    key={id}
                    service={service}
                    label={labelOf(labels, id)}
                    style={style}
                  />
                );
              })}
            </ul>
          </div>
        )}
      </div>
      <ul class="hidden" aria-label="Joins">
        {edges.map(({ from, to, sentence }) => <li key={edgeKey({ from, to })}>{sentence}</li>)}
      </ul>
    </section>
  );
}

function GraphNode(
  { service, label, style }: {
    service: ServiceJson;
    label: string;
    style: Record<string, string>;
  },
) {
  const { id, status } = service;
  return (
    <li class={`node ${word(status)}`} style={style}>
      <a href={serviceLink(id)} aria-label={nodeSentence(service, label)} title={id}>
        <span class="node-head">
          <StatusMark status={status} bare />
          <strong>{label}</strong>
        </span>
        {isWorking(service) ? <NodeFigures service={service} /> : (
          <>
            <span class="node-line">
              <span class="quiet">{word(service.type)}</span>
              <span>{word(status)}</span>
            </span>
            <span class="node-line quiet">{heardOf(service)}</span>
          </>
        )}
      </a>
    </li>
  );
}

function NodeFigures({ service }: { service: ServiceJson }) {
  const { type, load_ratio, ledgers_behind_tip, backpressure_active } = service;
  const isHeld = backpressure_active === true || (service.throttle_rate ?? 1) < 1;
  return (
    <>
      <span class="node-line">
        <span class="quiet">{word(type)}</span>
        <span>
          {figureText(service.events_per_second, "rate")}{" "}
          <span class="quiet noun">{eventNoun(type)}</span>
        </span>
      </span>
      <span class="node-line">
        <LoadBar ratio={load_ratio} />
        <span class="load-figure">{figureText(load_ratio, "part")}</span>
      </span>
      <span class="node-line">
        <span class={isHeld ? "held" : "quiet"}>{flowText(service)}</span>
      </span>
      {ledgers_behind_tip === null ? null : (
        <span class="node-line">
          <span class="quiet">lag</span>
          <span>
            {figureText(ledgers_behind_tip, "count")} <span class="quiet noun">ledgers</span>
          </span>
        </span>
      )}
    </>
  );
}

/** Load as a bar; the figure stands beside it. */
export function LoadBar({ ratio }: { ratio: number | null }) {
  const part = Math.min(1, Math.max(0, ratio ?? 0));
  const level = part > 0.8 ? "high" : part > 0.6 ? "raised" : "low";
  return (
    <span class="load" aria-hidden="true">
      <span class={level} style={{ width: `${part * 100}%` }} />
    </span>
  );
}

function GraphEdges(
  { layout, edges }: { layout: FittedLayout; edges: readonly ShownEdge[] },
) {
  const shown = new Map(edges.map((edge) => [edgeKey(edge), edge]));
  const labelled = labelledEdges(layout, edges);
  return (
    <svg width={layout.width} height={layout.height} aria-hidden="true">
      <defs>
        {["broken", "held", "flowing", "idle"].map((state) => (
          <marker
            key={state}
            id={`arrow-${state}`}
            class={`arrow ${state}`}
            viewBox="0 0 8 8"
            refX="8"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 0 8 4 0 8Z" />
          </marker>
        ))}
      </defs>
      {layout.edges.map(({ from, to, path, labelX, labelY }) => {
        const key = edgeKey({ from, to });
        const edge = shown.get(key)!;
        return (
          <g key={key} class={`edge ${edge.state}`}>
            <path d={path} marker-end={`url(#arrow-${edge.state})`} />
            {labelled.has(key)
              ? <EdgeLabel edge={edge} x={labelX} y={labelY} isDown={layout.isDown} />
              : null}
          </g>
        );
      })}
    </svg>
  );
}

/** On both sides of a line to the right; beside one that goes down, where there is less room. */
function EdgeLabel(
  { edge: { label, rate }, x, y, isDown }: {
    edge: ShownEdge;
    x: number;
    y: number;
    isDown: boolean;
  },
) {
  if (isDown) return <text x={x + 10} y={y + 4} class="figure beside">{rate}</text>;
  return (
    <>
      <text x={x} y={y - 8}>{label}</text>
      <text x={x} y={y + 18} class="figure">{rate}</text>
    </>
  );
}
