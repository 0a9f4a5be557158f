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
import { ControlPlaneError } from "../controller/mod.ts";
import { pipelineHealth, topologyJson, topologyOf } from "../topology/mod.ts";
import { CONNECTION_OPTIONS } from "./connection.ts";
import { noServices, type SeenServices, type Shown, showServices } from "./seen_services.ts";
import { topologyText } from "./topology_text.ts";

/** `topology`: how the services are joined. */
export const topologyCommand: Command = {
  name: "topology",
  summary:
    "Draw which services of a control plane read what others serve, and what is wrong with that",
  arguments: [],
  options: [JSON_OPTION, WATCH_OPTION, ...CONNECTION_OPTIONS],
  examples: [
    "deno task flowctl:topology",
    "deno task flowctl:topology --watch",
    "deno task flowctl:topology --json | jq .missing_links",
  ],
  notes: [
    "Below each service stand the event types that it serves, and below these who reads them. The",
    "older protocol tells no event types, and so no topology.",
  ],
  run: (line, context) => showServices(line, context, (seen) => drawing(seen, line, context)),
};

function drawing(seen: SeenServices, line: CommandLine, context: CommandContext): Shown {
  const { endpoint, protocol, services, now } = seen;
  if (protocol === "legacy") {
    const reason = "flowctl.ControlPlane, the older protocol, tells no event types, and so no " +
      "topology; ask a control plane with flowctl.v1";
    throw new ControlPlaneError("FAILED_PRECONDITION", endpoint, reason);
  }
  const topology = topologyOf(services);
  const code = services.length === 0 ? EXIT.nothing : EXIT.ok;
  if (has(line, "json")) {
    const health = pipelineHealth(services, topology, now);
    const answer = { endpoint, protocol, ...topologyJson(services, topology, health) };
    return { text: jsonAnswer(line, answer), code };
  }
  if (services.length === 0) return noServices(seen);
  return { text: topologyText(services, topology, hasColours(context)).join("\n"), code };
}
