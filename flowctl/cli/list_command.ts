import {
  type Command,
  type CommandContext,
  type CommandLine,
  EXIT,
  has,
  hasColours,
  JSON_OPTION,
  jsonAnswer,
  paintStatus,
  quantity,
  textTable,
  WATCH_OPTION,
} from "../command/mod.ts";
import type { ListedService } from "../controller/mod.ts";
import { isWorking, labelOf, serviceJson, serviceLabels } from "../service/mod.ts";
import { CONNECTION_OPTIONS } from "./connection.ts";
import { noServices, type SeenServices, type Shown, showServices } from "./seen_services.ts";
import { heardOf, textOr, word } from "./service_words.ts";

/** `list`: who is registered. */
export const listCommand: Command = {
  name: "list",
  summary: "List the services that a control plane knows and that work",
  arguments: [],
  options: [
    { flag: "include-unhealthy", help: "also those that do not work" },
    JSON_OPTION,
    WATCH_OPTION,
    ...CONNECTION_OPTIONS,
  ],
  examples: [
    "deno task flowctl:list",
    "deno task flowctl:list --include-unhealthy --endpoint flowctl.example.com:8080",
    "deno task flowctl:list --json",
  ],
  run: (line, context) => showServices(line, context, (seen) => listOf(seen, line, context)),
};

function listOf(seen: SeenServices, line: CommandLine, context: CommandContext): Shown {
  const { endpoint, protocol, services, now } = seen;
  const shown = has(line, "include-unhealthy") ? services : services.filter(isWorking);
  if (has(line, "json")) {
    const answer = {
      endpoint,
      protocol,
      services: shown.map((each) => serviceJson(each, now)),
    };
    return { text: jsonAnswer(line, answer), code: codeOf(seen) };
  }
  if (services.length === 0) return noServices(seen);
  const left = services.length - shown.length;
  const lines = shown.length === 0 ? [] : serviceTable(shown, now, hasColours(context));
  if (left > 0) {
    lines.push(
      `${quantity(left, "more service")} that ${
        left === 1 ? "does" : "do"
      } not work: see --include-unhealthy`,
    );
  }
  return { text: lines.join("\n"), code: EXIT.ok };
}

function codeOf({ services }: SeenServices): number {
  return services.length === 0 ? EXIT.nothing : EXIT.ok;
}

/** Services as a table. What the older protocol does not tell is a dash. */
export function serviceTable(
  services: readonly ListedService[],
  now: number,
  colour: boolean,
): string[] {
  const columns = [
    { head: "service" },
    { head: "type" },
    { head: "status", paint: paintStatus },
    { head: "heard of" },
    { head: "version" },
    { head: "endpoint" },
    { head: "reads" },
    { head: "serves" },
  ];
  const labels = serviceLabels(services);
  // The one place where a service that is called by its name has its id beside it.
  const called = (id: string) => labelOf(labels, id) === id ? id : `${labelOf(labels, id)} (${id})`;
  const rows = services.map((service) => [
    textOr(called(service.id)),
    word(service.type),
    word(service.status),
    heardOf(service, now),
    textOr(service.version),
    textOr(service.endpoint),
    textOr(service.inputEventTypes.join(", ")),
    textOr(service.outputEventTypes.join(", ")),
  ]);
  return textTable(columns, rows, colour);
}
