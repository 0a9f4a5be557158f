import { useState } from "preact/hooks";
import type { ServiceJson } from "./api_types.ts";
import { figureText, word } from "./figure_text.ts";
import { ServiceLink } from "./service_link.tsx";
import { flowText, isWorking } from "./service_figures.ts";
import { nextSorting, sortedServices, type Sorting, type SortKey } from "./sorted_services.ts";
import { StatusMark } from "./status_mark.tsx";
import { LoadBar } from "./topology_panel.tsx";

/** Services from which on looking for one by eye takes longer than typing. */
const FILTER_FROM = 8;

interface Column {
  readonly title: string;
  /** Absent where there is no order. */
  readonly by?: SortKey;
  /** Left out on a phone; the service's own page has it. */
  readonly isMinor?: boolean;
  readonly isWord?: boolean;
}

const COLUMNS: readonly Column[] = [
  { title: "Service", by: "id", isWord: true },
  { title: "Type", by: "type", isWord: true, isMinor: true },
  { title: "Status", by: "status", isWord: true },
  { title: "Throughput", by: "events_per_second" },
  { title: "Load", by: "load_ratio" },
  { title: "Flow", isWord: true, isMinor: true },
  { title: "Latency", by: "latency_ms", isMinor: true },
  { title: "Queue", by: "queue_depth", isMinor: true },
  { title: "Errors", by: "error_rate", isMinor: true },
  { title: "Lag", by: "ledgers_behind_tip", isMinor: true },
  { title: "Heartbeat", by: "last_heartbeat_age_ms", isMinor: true },
];

/** All services in a table that can be sorted and filtered. */
export function ServicesPanel({ services }: { services: readonly ServiceJson[] }) {
  const [sorting, setSorting] = useState<Sorting>(undefined);
  const [filter, setFilter] = useState("");
  const shown = sortedServices(services, sorting, filter);
  return (
    <section class="panel" aria-labelledby="services-title">
      <div class="panel-head">
        <h2 id="services-title">Services</h2>
        {services.length < FILTER_FROM ? null : (
          <label class="filter">
            Filter{" "}
            <input
              type="search"
              name="filter"
              value={filter}
              onInput={(event) => setFilter(event.currentTarget.value)}
            />
            <span class="quiet" role="status">{shown.length} of {services.length}</span>
          </label>
        )}
      </div>
      <table>
        <caption class="hidden">Services with their figures; a heading sorts by its column</caption>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <Heading
                key={column.title}
                column={column}
                sorting={sorting}
                sort={(by) => setSorting(nextSorting(sorting, by))}
              />
            ))}
          </tr>
        </thead>
        <tbody>{shown.map((service) => <Row key={service.id} service={service} />)}</tbody>
      </table>
    </section>
  );
}

function Heading(
  { column: { title, by, isMinor, isWord }, sorting, sort }: {
    column: Column;
    sorting: Sorting;
    sort: (by: SortKey) => void;
  },
) {
  const isSorted = by !== undefined && sorting?.by === by;
  const order = isSorted ? (sorting!.descending ? "descending" : "ascending") : "none";
  const classes = [isMinor ? "minor" : "", isWord ? "" : "figure"].join(" ").trim();
  if (by === undefined) return <th scope="col" class={classes}>{title}</th>;
  return (
    <th scope="col" class={classes} aria-sort={order}>
      <button type="button" onClick={() => sort(by)}>
        {title}
        {isSorted
          ? <span class="sort" aria-hidden="true">{sorting!.descending ? "▼" : "▲"}</span>
          : null}
      </button>
    </th>
  );
}

function Row({ service }: { service: ServiceJson }) {
  const { id } = service;
  return (
    <tr data-service={id} class={isWorking(service) ? "" : "stale"}>
      <th scope="row">
        <ServiceLink id={id} />
      </th>
      <td class="minor">{word(service.type)}</td>
      <td>
        <StatusMark status={service.status} />
      </td>
      <td class="figure">{figureText(service.events_per_second, "rate")}</td>
      <td class="figure">
        <span class="load-cell">
          <LoadBar ratio={service.load_ratio} />
          {figureText(service.load_ratio, "part")}
        </span>
      </td>
      <td class="minor">{flowText(service)}</td>
      <td class="figure minor">{figureText(service.latency_ms, "milliseconds")}</td>
      <td class="figure minor">{figureText(service.queue_depth, "count")}</td>
      <td class="figure minor">{figureText(service.error_rate, "part")}</td>
      <td class="figure minor">{figureText(service.ledgers_behind_tip, "count")}</td>
      <td class="figure minor">{figureText(service.last_heartbeat_age_ms, "age")}</td>
    </tr>
  );
}
