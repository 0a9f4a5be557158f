import {
  type Command,
  type CommandContext,
  type CommandLine,
  EXIT,
  has,
  hasColours,
  JSON_OPTION,
  jsonAnswer,
  WATCH_OPTION,
} from "../command/mod.ts";
import { metricsJson, pipelineMetrics } from "../metrics/mod.ts";
import { type PipelineHealth, pipelineHealth, topologyOf } from "../topology/mod.ts";
import { CONNECTION_OPTIONS } from "./connection.ts";
import { noServices, type SeenServices, type Shown, showServices } from "./seen_services.ts";
import { statusText } from "./status_text.ts";

/** `status`: how all services together are, and what they do. */
export const statusCommand: Command = {
  name: "status",
  summary: "Show how the services of a control plane are together, why, and what they do",
  arguments: [],
  options: [JSON_OPTION, WATCH_OPTION, ...CONNECTION_OPTIONS],
  examples: [
    "deno task flowctl:status",
    "deno task flowctl:status --watch",
    "deno task flowctl:status --json --endpoint flowctl.example.com:8080",
  ],
  notes: [
    "Figures are those of the last heartbeats. The total has the throughput of the pipeline's end,",
    "the worst latency, load and errors, and the sum of the queues, of services that work.",
    "An unhealthy pipeline ends it with 1.",
  ],
  run: (line, context) => showServices(line, context, (seen) => statusOf(seen, line, context)),
};

function statusOf(seen: SeenServices, line: CommandLine, context: CommandContext): Shown {
  const { endpoint, protocol, services } = seen;
  const health = healthOf(seen);
  const metrics = pipelineMetrics(services);
  const isEmpty = services.length === 0;
  const code = isEmpty ? EXIT.nothing : health.status === "unhealthy" ? EXIT.failed : EXIT.ok;
  if (has(line, "json")) {
    const answer = { endpoint, protocol, health, metrics: metricsJson(metrics) };
    return { text: jsonAnswer(line, answer), code };
  }
  if (isEmpty) return noServices(seen);
  return { text: statusText(seen, health, metrics, hasColours(context)).join("\n"), code };
}

/** The older protocol tells no event types: there each service is judged for itself. */
function healthOf({ protocol, services, now }: SeenServices): PipelineHealth {
  const topology = protocol === "v1"
    ? topologyOf(services)
    : { links: [], missingLinks: [], orphans: [], cycles: [] };
  return pipelineHealth(services, topology, now);
}
