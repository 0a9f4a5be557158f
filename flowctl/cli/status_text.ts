import {
  count,
  milliseconds,
  paintStatus,
  percent,
  plainText,
  quantity,
  rate,
  SERVICE_COLUMNS,
  textTable,
  told,
} from "../command/mod.ts";
import type { PipelineMetrics, PipelineTotal } from "../metrics/mod.ts";
import {
  labelOf,
  SERVICE_TYPES,
  type ServiceLabels,
  serviceLabels,
  withLabels,
} from "../service/mod.ts";
import type { PipelineHealth } from "../topology/mod.ts";
import { protocolName, type SeenServices } from "./seen_services.ts";
import { heardOf, textOr, word } from "./service_words.ts";

/** Reasons that are told before they are only counted: a screen holds no more. */
const MAX_REASONS = 20;

/** Health and figures of all services as lines for people. */
export function statusText(
  seen: SeenServices,
  { status, reasons }: PipelineHealth,
  metrics: PipelineMetrics,
  colour: boolean,
): string[] {
  const { endpoint, protocol, services, now } = seen;
  const word = colour ? paintStatus(status) : status;
  const where = `${quantity(services.length, "service")} at ${endpoint} (${
    protocolName(protocol)
  })`;
  const left = reasons.length - MAX_REASONS;
  const labels = serviceLabels(services);
  return [
    `pipeline ${word}, ${where}`,
    ...reasons.slice(0, MAX_REASONS).map((reason) => `  ${plainText(withLabels(reason, labels))}`),
    ...left > 0 ? [`  and ${quantity(left, "more reason")}`] : [],
    ...protocol === "legacy" ? ["  how the services are joined is not told by this protocol"] : [],
    "",
    ...textTable(
      SERVICE_COLUMNS,
      [...rowsOf(metrics, services, labels, now), totalRow(metrics.total)],
      colour,
    ),
    ...stages(metrics.total),
  ];
}

function rowsOf(
  { services }: PipelineMetrics,
  heard: SeenServices["services"],
  labels: ServiceLabels,
  now: number,
): string[][] {
  return services.map((service, at) => [
    textOr(labelOf(labels, service.id)),
    word(service.type),
    word(service.status),
    heardOf(heard[at]!, now),
    told(service.eventsPerSecond, rate),
    told(service.latencyMs, milliseconds),
    told(service.loadRatio, percent),
    told(service.queueDepth, count),
    told(service.errorRate, percent),
  ]);
}

function totalRow(total: PipelineTotal): string[] {
  return [
    "total",
    "",
    `${count(total.working)} of ${count(total.services)} work`,
    "",
    told(total.eventsPerSecond, rate),
    told(total.latencyMs?.value, milliseconds),
    told(total.loadRatio?.value, percent),
    told(total.queueDepth, count),
    told(total.errorRate?.value, percent),
  ];
}

/** Throughput of each stage, where there are several. */
function stages({ eventsPerSecondByType: byType }: PipelineTotal): string[] {
  const known = SERVICE_TYPES.filter((type) => byType[type] !== undefined);
  if (known.length < 2) return [];
  const parts = known.map((type) => `${word(type)} ${rate(byType[type]!)}`);
  return ["", `events/s by stage: ${parts.join(", ")}`];
}
